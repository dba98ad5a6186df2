(module name: [(constant) @name (scope_resolution name: (constant) @name)] body: (_)? @body) @definition.module
(class name: [(constant) @name (scope_resolution name: (constant) @name)] body: (_)? @body) @definition.class

(method name: (identifier) @name body: (_) @body (#eq? @name "initialize")) @definition.constructor
(module body: (body_statement (method name: (_) @name body: (_) @body) @definition.method))
(singleton_class (body_statement (method name: (_) @name body: (_) @body) @definition.method))
(singleton_method name: (_) @name body: (_) @body) @definition.method
(method name: (_) @name body: (_) @body) @definition.function
; Without a body.
(singleton_method name: (_) @name "end" @body) @definition.method
(method name: (_) @name "end" @body) @definition.function
(alias name: (identifier) @name alias: (_) @body) @definition.method

; Functions without names that a variable holds.
(assignment
  left: [(identifier) (constant)] @name
  right: (lambda body: (_) @body)) @definition.function

; Structs, and classes that are made by a call.
(assignment
  left: (constant) @name
  right: (call receiver: (constant) @maker method: (identifier) @method)
  (#any-of? @maker "Struct" "Class" "Data")
  (#any-of? @method "new" "define")) @definition.class
(assignment left: [(constant) @name (scope_resolution name: (constant) @name)]) @definition.constant
(program (assignment left: (global_variable) @name) @definition.variable)

; Members that are made by a call.
(class
  body: (body_statement
    (call
      method: (identifier) @method
      arguments: (argument_list (simple_symbol) @name @definition.property))
    (#any-of? @method
      "attr_reader" "attr_writer" "attr_accessor" "has_many" "has_one" "belongs_to" "scope" "delegate")))
((call
    method: (identifier) @method
    arguments: (argument_list . (simple_symbol) @name . (simple_symbol)? @body)) @definition.method
  (#any-of? @method "alias_method" "define_method"))

(comment) @comment

; Tests have titles.
(call
  receiver: (constant)?
  method: (identifier) @function
  arguments: (argument_list . [(string (string_content) @name) (constant) @name (scope_resolution) @name])
  block: [(do_block) (block)] @body
  (#any-of? @function
    "describe" "context" "it" "specify" "example" "feature" "scenario" "test" "should" "shared_examples")) @definition.test
