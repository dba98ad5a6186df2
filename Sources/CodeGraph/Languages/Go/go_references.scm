(call_expression function: (identifier) @name) @reference.call
(call_expression function: (selector_expression operand: (_) @receiver field: (field_identifier) @name)) @reference.call
(call_expression function: (parenthesized_expression (identifier) @name)) @reference.call
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
      (call_expression function: [(identifier) (selector_expression)] @value)
      (type_assertion_expression type: (_) @type)
      (identifier) @value
    ])) @binding
(assignment_statement
  left: (expression_list . [(identifier) (selector_expression)] @name)
  right: (expression_list
    .
    [
      (composite_literal type: (_) @type)
      (unary_expression operand: (composite_literal type: (_) @type))
      (call_expression function: [(identifier) (selector_expression)] @value)
      (identifier) @value
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
      (call_expression function: [(identifier) (selector_expression)] @value)
    ])) @binding
(parameter_declaration name: (identifier) @name type: (_) @type) @binding
