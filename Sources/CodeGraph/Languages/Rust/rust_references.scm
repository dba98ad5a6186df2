(call_expression function: (identifier) @name) @reference.call
(call_expression function: (field_expression value: (_) @receiver field: (field_identifier) @name)) @reference.call
(call_expression function: (scoped_identifier path: (_) @receiver name: (identifier) @name)) @reference.call
(call_expression function: (scoped_identifier !path name: (identifier) @name)) @reference.call
(call_expression function: (generic_function function: (identifier) @name)) @reference.call
(call_expression
  function: (generic_function
    function: (scoped_identifier path: (_) @receiver name: (identifier) @name))) @reference.call
(call_expression
  function: (generic_function
    function: (field_expression value: (_) @receiver field: (field_identifier) @name))) @reference.call
(macro_invocation macro: (identifier) @name) @reference.call
(macro_invocation macro: (scoped_identifier path: (_) @receiver name: (identifier) @name)) @reference.call

; What is handed to a macro is words without a shape: a name before parentheses is a call.
(token_tree [(identifier) (self)] @receiver . "." . (identifier) @name . (token_tree . "(")) @reference.call
(token_tree [(identifier) (self) (crate) (super)] @receiver . "::" . (identifier) @name . (token_tree . "(")) @reference.call
(token_tree "." @receiver . (identifier) @name . (token_tree . "(")) @reference.call
(token_tree (identifier) @name . (token_tree . "(")) @reference.call

(struct_expression name: (type_identifier) @name) @reference.construct
(struct_expression
  name: (scoped_type_identifier path: (_) @receiver name: (type_identifier) @name)) @reference.construct
(struct_expression name: (generic_type_with_turbofish type: (type_identifier) @name)) @reference.construct

; `impl A for B` stands beside B: B is the receiver.
(impl_item
  trait: [
    (type_identifier) @name
    (scoped_type_identifier name: (type_identifier) @name)
    (generic_type type: (type_identifier) @name)
    (generic_type type: (scoped_type_identifier name: (type_identifier) @name))
  ]
  type: [
    (type_identifier) @receiver
    (generic_type type: (type_identifier) @receiver)
    (generic_type type: (scoped_type_identifier name: (type_identifier) @receiver))
    (scoped_type_identifier name: (type_identifier) @receiver)
    (reference_type type: (type_identifier) @receiver)
    (reference_type type: (generic_type type: (type_identifier) @receiver))
    (primitive_type) @receiver
  ]) @reference.implement
(trait_item bounds: (trait_bounds (type_identifier) @name)) @reference.inherit
(trait_item
  bounds: (trait_bounds (scoped_type_identifier path: (_) @receiver name: (type_identifier) @name))) @reference.inherit
(trait_item bounds: (trait_bounds (generic_type type: (type_identifier) @name))) @reference.inherit

(scoped_type_identifier path: (_) @receiver name: (type_identifier) @name) @reference.type
((type_identifier) @name (#not-any-of? @name "Self" "_")) @reference.type

(arguments (identifier) @name) @reference.use
(arguments (scoped_identifier path: (_) @receiver name: (identifier) @name)) @reference.use
(field_initializer value: (identifier) @name) @reference.use
(let_declaration value: (identifier) @name) @reference.use
(let_declaration value: (scoped_identifier path: (_) @receiver name: (identifier) @name)) @reference.use
(assignment_expression right: (identifier) @name) @reference.use
(array_expression (identifier) @name) @reference.use

; Trees of imports, three levels deep.
(use_declaration argument: (identifier) @module) @import
(use_declaration argument: (scoped_identifier path: (_) @module name: (identifier) @name)) @import
(use_declaration
  argument: (use_as_clause
    path: (scoped_identifier path: (_) @module name: (identifier) @name)
    alias: (identifier) @alias)) @import
(use_declaration argument: (use_as_clause path: (identifier) @module alias: (identifier) @alias)) @import
(use_declaration argument: (use_wildcard (_) @module) @wildcard) @import
(use_declaration
  argument: (scoped_use_list
    path: (_) @module
    list: (use_list [
      (identifier) @name
      (self)
      (use_as_clause path: (self) alias: (identifier) @alias)
      (use_as_clause path: (identifier) @name alias: (identifier) @alias)
      (use_wildcard . "*") @wildcard
    ]))) @import
(use_declaration
  argument: (scoped_use_list
    path: (_) @module
    "::" @module
    list: (use_list [
      (scoped_identifier path: (_) @module name: (identifier) @name)
      (use_as_clause
        path: (scoped_identifier path: (_) @module name: (identifier) @name)
        alias: (identifier) @alias)
      (use_wildcard (_) @module) @wildcard
      (scoped_use_list
        path: (_) @module
        list: (use_list [
          (identifier) @name
          (self)
          (use_as_clause path: (self) alias: (identifier) @alias)
          (use_as_clause path: (identifier) @name alias: (identifier) @alias)
          (use_wildcard . "*") @wildcard
        ]))
      (scoped_use_list
        path: (_) @module
        "::" @module
        list: (use_list [
          (scoped_identifier path: (_) @module name: (identifier) @name)
          (use_wildcard (_) @module) @wildcard
          (scoped_use_list path: (_) @module list: (use_list [(identifier) @name (self)]))
        ]))
    ]))) @import
(use_declaration
  argument: (use_list [
    (identifier) @module
    (scoped_identifier path: (_) @module name: (identifier) @name)
  ])) @import
(extern_crate_declaration name: (identifier) @module alias: (identifier)? @alias) @import
; A file of its own.
(mod_item name: (identifier) @module !body) @import

(let_declaration pattern: (identifier) @name type: (_) @type) @binding
(let_declaration
  pattern: (identifier) @name
  value: [
    (call_expression function: [(identifier) (scoped_identifier) (field_expression)] @value)
    (try_expression (call_expression function: [(identifier) (scoped_identifier) (field_expression)] @value))
    (await_expression (call_expression function: [(identifier) (scoped_identifier) (field_expression)] @value))
    (reference_expression value: (call_expression function: [(identifier) (scoped_identifier) (field_expression)] @value))
    (struct_expression name: (_) @type)
    (reference_expression value: (struct_expression name: (_) @type))
    [(identifier) (scoped_identifier)] @value
  ]) @binding
(parameter pattern: (identifier) @name type: (_) @type) @binding
(assignment_expression
  left: [(identifier) (field_expression)] @name
  right: [
    (call_expression function: [(identifier) (scoped_identifier) (field_expression)] @value)
    (struct_expression name: (_) @type)
  ]) @binding

; Routes: Router::new().route("/users", get(list)). One call contains those before it: the arguments are the route.
(call_expression
  function: (field_expression field: (field_identifier) @function)
  arguments: (arguments
    .
    (string_literal) @path
    .
    [
      (call_expression
        function: [(identifier) @verb (scoped_identifier name: (identifier) @verb)]
        arguments: (arguments
          .
          [(identifier) @name (scoped_identifier path: (_) @receiver name: (identifier) @name)]))
      (call_expression
        function: (field_expression
          value: (call_expression
            function: (identifier) @verb
            arguments: (arguments
              .
              [(identifier) @name (scoped_identifier path: (_) @receiver name: (identifier) @name)]))))
    ]) @route
  (#eq? @function "route")
  (#any-of? @verb "get" "post" "put" "delete" "patch" "head" "options" "any"))
