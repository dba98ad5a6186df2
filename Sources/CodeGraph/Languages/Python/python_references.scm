(call function: (identifier) @name) @reference.call
(call function: (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.call
(call function: (subscript value: (identifier) @name)) @reference.call
(call function: (subscript value: (attribute object: (_) @receiver attribute: (identifier) @name))) @reference.call

(class_definition superclasses: (argument_list (identifier) @name) ) @reference.inherit
(class_definition
  superclasses: (argument_list (attribute object: (_) @receiver attribute: (identifier) @name))) @reference.inherit
(class_definition
  superclasses: (argument_list (subscript value: (identifier) @name))) @reference.inherit
(class_definition
  superclasses: (argument_list
    (subscript value: (attribute object: (_) @receiver attribute: (identifier) @name)))) @reference.inherit

(type (identifier) @name) @reference.type
(type (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.type
(type (subscript value: (identifier) @name)) @reference.type
(type (subscript subscript: (identifier) @name)) @reference.type
(type (generic_type (identifier) @name)) @reference.type
(type (generic_type (type_parameter (type (identifier) @name)))) @reference.type
(type (binary_operator (identifier) @name)) @reference.type

(except_clause (identifier) @name) @reference.type
(except_clause (as_pattern (identifier) @name)) @reference.type
(except_clause (tuple (identifier) @name)) @reference.type

(decorator (identifier) @name) @reference.call
(decorator (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.call

; What FastAPI calls for a function.
(call
  function: (identifier) @function
  arguments: (argument_list
    .
    [(identifier) @name (attribute object: (_) @receiver attribute: (identifier) @name)])
  (#any-of? @function "Depends" "Security")) @reference.inject

; Functions and classes that are handed on.
(argument_list (identifier) @name) @reference.use
(keyword_argument value: (identifier) @name) @reference.use
(assignment right: (identifier) @name) @reference.use
(return_statement (identifier) @name) @reference.use
(pair value: (identifier) @name) @reference.use
(list (identifier) @name) @reference.use
(tuple (identifier) @name) @reference.use
(raise_statement (identifier) @name) @reference.use
(argument_list (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.use
(keyword_argument value: (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.use
(pair value: (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.use

(import_statement name: (dotted_name) @module) @import
(import_statement name: (aliased_import name: (dotted_name) @module alias: (identifier) @alias)) @import
(import_from_statement module_name: (_) @module name: (dotted_name) @name) @import
(import_from_statement
  module_name: (_) @module
  name: (aliased_import name: (dotted_name) @name alias: (identifier) @alias)) @import
(import_from_statement module_name: (_) @module (wildcard_import) @wildcard) @import

; What is known of the types of variables: first what is declared.
(assignment left: [(identifier) (attribute)] @name type: (type) @type) @binding
(assignment
  left: [(identifier) (attribute)] @name
  right: [
    (call function: (_) @called)
    (await (call function: (_) @called))
    (identifier) @assigned
    (attribute) @assigned
    (subscript value: (_) @element)
    (boolean_operator left: (identifier) @assigned)
    (boolean_operator left: (attribute) @assigned)
    (conditional_expression . (call function: (_) @called))
    (conditional_expression . (identifier) @assigned)
    (conditional_expression . (attribute) @assigned)
  ]) @binding
(named_expression name: (identifier) @name value: (call function: (_) @called)) @binding
(typed_parameter (identifier) @name type: (type) @type) @binding
(typed_default_parameter name: (identifier) @name type: (type) @type) @binding
(with_item value: (as_pattern (call function: (_) @entered) alias: (as_pattern_target (identifier) @name))) @binding
(with_item
  value: (as_pattern [(identifier) (attribute)] @assigned alias: (as_pattern_target (identifier) @name))) @binding
; Parameters of which nothing else is known hide what has their name outside.
(parameters (identifier) @name) @binding
(default_parameter name: (identifier) @name) @binding
(lambda_parameters (identifier) @name) @binding
[(lambda) (list_comprehension) (set_comprehension) (dictionary_comprehension) (generator_expression)] @scope
(except_clause (as_pattern (identifier) @type alias: (as_pattern_target (identifier) @name))) @binding
(for_statement left: (identifier) @name right: (_) @element) @binding
(for_in_clause left: (identifier) @name right: (_) @element) @binding

; What functions return.
(return_statement
  "return" @name
  [
    (call function: (_) @called)
    (await (call function: (_) @called))
    (identifier) @assigned
    (attribute) @assigned
  ]) @binding

; Routes in a list, with their functions or classes; those of decorators are known by them.
(call
  function: (identifier) @verb
  arguments: (argument_list
    .
    (string) @path
    .
    [
      (identifier) @name
      (attribute object: (_) @receiver attribute: (identifier) @name)
      (call
        function: (attribute
          object: [(identifier) @name (attribute object: (_) @receiver attribute: (identifier) @name)]
          attribute: (identifier) @maker))
    ])
  (#any-of? @verb "path" "re_path" "url")
  (#eq? @maker "as_view")) @route @wildcard
(call
  function: (identifier) @verb
  arguments: (argument_list
    .
    (string) @path
    .
    [(identifier) @name (attribute object: (_) @receiver attribute: (identifier) @name)])
  (#eq? @verb "Route")) @route
; What stands before the paths of a blueprint's routes.
(assignment
  left: (identifier) @owner
  right: (call
    arguments: (argument_list (keyword_argument name: (identifier) @key value: (string) @path)))
  (#any-of? @key "prefix" "url_prefix")) @prefix
