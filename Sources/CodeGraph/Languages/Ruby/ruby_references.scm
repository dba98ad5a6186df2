; Construction is a call of `new`.
((call receiver: (constant) @name method: (identifier) @method) (#eq? @method "new")) @reference.construct
((call receiver: (scope_resolution scope: (_) @receiver name: (constant) @name) method: (identifier) @method)
  (#eq? @method "new")) @reference.construct

((call !receiver method: (identifier) @name)
  (#not-any-of? @name
    "require" "require_relative" "load" "autoload" "include" "extend" "prepend" "attr_reader" "attr_writer"
    "attr_accessor" "private" "public" "protected" "module_function" "raise" "puts" "lambda" "proc" "loop"))
  @reference.call
((call receiver: (_) @receiver method: [(identifier) (constant)] @name) (#not-eq? @name "new")) @reference.call
(call method: (super) @name) @reference.call
((super) @name) @reference.call
; A name that stands alone may be a call without arguments.
((body_statement (identifier) @name)
  (#not-any-of? @name "private" "public" "protected" "module_function")) @reference.call
(interpolation (identifier) @name) @reference.call

(superclass [(constant) @name (scope_resolution scope: (_) @receiver name: (constant) @name)]) @reference.inherit
((call
    !receiver
    method: (identifier) @method
    arguments: (argument_list [
      (constant) @name
      (scope_resolution scope: (_) @receiver name: (constant) @name)
    ]))
  (#any-of? @method "include" "extend" "prepend")) @reference.implement

(scope_resolution scope: (_) @receiver name: (constant) @name) @reference.type
(constant) @name @reference.type

; Methods that are handed on by their names, and values.
(block_argument (simple_symbol) @name) @reference.use
((call method: (identifier) @method arguments: (argument_list . (simple_symbol) @name))
  (#any-of? @method
    "method" "send" "public_send" "before_action" "after_action" "before_save" "after_save" "before_create"
    "after_create" "validate" "helper_method" "alias_method")) @reference.use
(argument_list (identifier) @name) @reference.use
(assignment right: (identifier) @name) @reference.use
(pair value: (identifier) @name) @reference.use
(alias alias: (identifier) @name) @reference.use

((call
    !receiver
    method: (identifier) @method
    arguments: (argument_list . (string (string_content) @module)))
  (#any-of? @method "require" "require_relative" "load")) @import
((call
    !receiver
    method: (identifier) @method
    arguments: (argument_list . (simple_symbol) @name . (string (string_content) @module)))
  (#eq? @method "autoload")) @import

((assignment
    left: [(identifier) (instance_variable) (class_variable) (constant) (global_variable)] @name
    right: (call receiver: [(constant) (scope_resolution)] @type method: (identifier) @method))
  (#eq? @method "new")
  (#not-any-of? @type "Struct" "Class" "Module" "Data")) @binding
(assignment
  left: [(identifier) (instance_variable) (class_variable) (constant) (global_variable)] @name
  right: [
    (call
      receiver: [(constant) (scope_resolution) (identifier) (instance_variable) (self)] @value
      "." @value
      method: (identifier) @value)
    (call !receiver method: (identifier) @value)
    (identifier) @value
    (constant) @value
  ]
  (#not-any-of? @value "Struct" "Class" "Module" "Data")) @binding
((operator_assignment
    left: [(identifier) (instance_variable)] @name
    right: (call receiver: [(constant) (scope_resolution)] @type method: (identifier) @method))
  (#eq? @method "new")) @binding

; Routes of Rails, whose methods are named by texts, and of Sinatra, which have theirs in themselves.
(call
  !receiver
  method: (identifier) @verb
  arguments: (argument_list
    .
    [(string) (simple_symbol)] @path
    (pair key: (hash_key_symbol) @key value: (string) @name))
  (#any-of? @verb "get" "post" "put" "patch" "delete" "match")
  (#eq? @key "to")) @route @wildcard
(call
  !receiver
  method: (identifier) @verb
  arguments: (argument_list . (pair key: (string) @path value: (string) @name))
  (#any-of? @verb "get" "post" "put" "patch" "delete")) @route @wildcard
(call
  !receiver
  method: (identifier) @verb
  arguments: (argument_list . [(string) (regex)] @path)
  block: [(do_block) (block)] @body
  (#any-of? @verb "get" "post" "put" "patch" "delete" "head" "options")) @route
(call
  !receiver
  method: (identifier) @function
  arguments: (argument_list . [(string) (simple_symbol)] @path)
  block: (do_block)
  (#any-of? @function "namespace" "scope")) @prefix
