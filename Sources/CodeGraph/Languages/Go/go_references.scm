(call_expression function: (identifier) @name) @reference.call
(call_expression function: (selector_expression operand: (_) @receiver field: (field_identifier) @name)) @reference.call
(call_expression function: (parenthesized_expression (identifier) @name)) @reference.call
(call_expression
  function: (parenthesized_expression (unary_expression operand: (identifier) @name))) @reference.call
(call_expression function: (index_expression operand: (identifier) @name)) @reference.call
(call_expression
  function: (index_expression
    operand: (selector_expression operand: (_) @receiver field: (field_identifier) @name))) @reference.call
(call_expression
  function: (type_instantiation_expression type: (type_identifier) @name)) @reference.call

(composite_literal type: (type_identifier) @name) @reference.construct
(composite_literal type: (qualified_type package: (_) @receiver name: (type_identifier) @name)) @reference.construct
(composite_literal type: (generic_type type: (type_identifier) @name)) @reference.construct
(composite_literal
  type: (generic_type
    type: (qualified_type package: (_) @receiver name: (type_identifier) @name))) @reference.construct

; Embedding.
(field_declaration !name type: (type_identifier) @name) @reference.inherit
(field_declaration
  !name
  type: (qualified_type package: (_) @receiver name: (type_identifier) @name)) @reference.inherit
(field_declaration !name type: (generic_type type: (type_identifier) @name)) @reference.inherit
(interface_type (type_elem . (type_identifier) @name .)) @reference.inherit
(interface_type
  (type_elem . (qualified_type package: (_) @receiver name: (type_identifier) @name) .)) @reference.inherit

(qualified_type package: (_) @receiver name: (type_identifier) @name) @reference.type
(type_identifier) @name @reference.type

; Functions in fields of structs.
(keyed_element
  key: (literal_element (identifier) @receiver)
  value: (literal_element (identifier) @name)) @reference.slot
(keyed_element
  key: (literal_element (identifier) @receiver)
  value: (literal_element (selector_expression field: (field_identifier) @name))) @reference.slot

(assignment_statement
  left: (expression_list . (selector_expression) @receiver .)
  right: (expression_list . [(identifier) @name (selector_expression field: (field_identifier) @name)] .)) @reference.slot

; Functions that are handed on.
(argument_list (identifier) @name) @reference.use
(argument_list (selector_expression operand: (_) @receiver field: (field_identifier) @name)) @reference.use
(literal_value (literal_element (identifier) @name)) @reference.use
(keyed_element value: (literal_element (identifier) @name)) @reference.use
(assignment_statement right: (expression_list (identifier) @name)) @reference.use
(short_var_declaration right: (expression_list (identifier) @name)) @reference.use
(var_spec value: (expression_list (identifier) @name)) @reference.use
(return_statement (expression_list (identifier) @name)) @reference.use

(import_spec !name path: (interpreted_string_literal (interpreted_string_literal_content) @module)) @import
(import_spec
  name: (package_identifier) @alias
  path: (interpreted_string_literal (interpreted_string_literal_content) @module)) @import
(import_spec
  name: (dot) @wildcard
  path: (interpreted_string_literal (interpreted_string_literal_content) @module)) @import
(import_spec
  name: (blank_identifier) @alias
  path: (interpreted_string_literal (interpreted_string_literal_content) @module)) @import

(short_var_declaration
  left: (expression_list . (identifier) @name)
  right: (expression_list
    .
    [
      (composite_literal type: (_) @type)
      (unary_expression operand: (composite_literal type: (_) @type))
      (call_expression function: [(identifier) (selector_expression)] @called)
      (type_assertion_expression type: (_) @type)
      (identifier) @assigned
      (selector_expression) @assigned
      (index_expression) @assigned
      (unary_expression operand: (identifier) @assigned)
      (unary_expression operand: (selector_expression) @assigned)
    ])) @binding
(assignment_statement
  left: (expression_list . [(identifier) (selector_expression)] @name)
  right: (expression_list
    .
    [
      (composite_literal type: (_) @type)
      (unary_expression operand: (composite_literal type: (_) @type))
      (call_expression function: [(identifier) (selector_expression)] @called)
      (identifier) @assigned
      (selector_expression) @assigned
    ])) @binding
(var_spec name: (identifier) @name type: (_) @type) @binding
(var_spec
  . name: (identifier) @name
  !type
  value: (expression_list
    .
    [
      (composite_literal type: (_) @type)
      (unary_expression operand: (composite_literal type: (_) @type))
      (call_expression function: [(identifier) (selector_expression)] @called)
    ])) @binding
[
  (block) (func_literal) (if_statement) (for_statement) (expression_case) (default_case) (type_case)
  (communication_case) (expression_switch_statement) (type_switch_statement)
] @scope
(range_clause left: (expression_list (_) (identifier) @name) right: (_) @element) @binding
(parameter_declaration name: (identifier) @name type: (_) @type) @binding

; Routes: r.GET("/users/:id", check, show), http.HandleFunc("GET /users", list), and groups of them.
(call_expression
  function: (selector_expression operand: (_) @owner field: (field_identifier) @verb)
  arguments: (argument_list
    .
    (interpreted_string_literal) @path
    [
      (identifier) @name
      (selector_expression operand: (_) @receiver field: (field_identifier) @name)
      (func_literal body: (_) @body)
      (call_expression
        arguments: (argument_list
          .
          [(identifier) @name (selector_expression operand: (_) @receiver field: (field_identifier) @name)]
          .))
    ]
    .)
  (#any-of? @verb
    "GET" "POST" "PUT" "DELETE" "PATCH" "HEAD" "OPTIONS" "Any" "Get" "Post" "Put" "Delete" "Patch" "Head" "Options"
    "Handle" "HandleFunc")) @route
(short_var_declaration
  left: (expression_list . (identifier) @owner .)
  right: (expression_list
    .
    (call_expression
      function: (selector_expression operand: (identifier) @receiver field: (field_identifier) @group)
      arguments: (argument_list . (interpreted_string_literal) @path)))
  (#eq? @group "Group")) @prefix
