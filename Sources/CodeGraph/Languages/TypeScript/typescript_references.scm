(extends_clause value: (identifier) @name) @reference.inherit
(extends_clause
  value: (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.inherit
(extends_clause value: (call_expression function: (identifier) @name)) @reference.inherit
(implements_clause (type_identifier) @name) @reference.implement
(implements_clause (nested_type_identifier module: (_) @receiver name: (type_identifier) @name)) @reference.implement
(implements_clause (generic_type name: (type_identifier) @name)) @reference.implement
(implements_clause
  (generic_type
    name: (nested_type_identifier module: (_) @receiver name: (type_identifier) @name))) @reference.implement
(extends_type_clause type: (type_identifier) @name) @reference.inherit
(extends_type_clause
  type: (nested_type_identifier module: (_) @receiver name: (type_identifier) @name)) @reference.inherit
(extends_type_clause type: (generic_type name: (type_identifier) @name)) @reference.inherit
(extends_type_clause
  type: (generic_type
    name: (nested_type_identifier module: (_) @receiver name: (type_identifier) @name))) @reference.inherit

(nested_type_identifier module: (_) @receiver name: (type_identifier) @name) @reference.type
(type_identifier) @name @reference.type

(import_statement
  (import_require_clause (identifier) @alias source: (string (string_fragment) @module))) @import

(variable_declarator name: (identifier) @name type: (type_annotation (_) @type)) @binding
(variable_declarator name: (identifier) @name value: (as_expression (_) (_) @type)) @binding
(return_statement "return" @name (as_expression (_) (_) @type)) @binding
(export_statement "default" @name declaration: (abstract_class_declaration name: (_) @assigned)) @binding
(required_parameter pattern: (identifier) @name type: (type_annotation (_) @type)) @binding
(call_expression
  function: [(identifier) (member_expression)] @handed.first
  arguments: (arguments [
    (arrow_function parameters: (formal_parameters . (required_parameter pattern: (identifier) @name !type)))
    (function_expression parameters: (formal_parameters . (required_parameter pattern: (identifier) @name !type)))
  ])) @binding
(call_expression
  function: [(identifier) (member_expression)] @handed.second
  arguments: (arguments [
    (arrow_function parameters: (formal_parameters . (_) . (required_parameter pattern: (identifier) @name !type)))
    (function_expression
      parameters: (formal_parameters . (_) . (required_parameter pattern: (identifier) @name !type)))
  ])) @binding
(call_expression
  function: [(identifier) (member_expression)] @handed.third
  arguments: (arguments [
    (arrow_function
      parameters: (formal_parameters . (_) . (_) . (required_parameter pattern: (identifier) @name !type)))
    (function_expression
      parameters: (formal_parameters . (_) . (_) . (required_parameter pattern: (identifier) @name !type)))
  ])) @binding
(required_parameter
  pattern: (rest_pattern (identifier) @name)
  type: (type_annotation (_) @type)) @binding
(required_parameter pattern: (identifier) @name) @binding
(required_parameter pattern: (object_pattern (shorthand_property_identifier_pattern) @name)) @binding
(required_parameter pattern: (object_pattern (pair_pattern value: (identifier) @name))) @binding
(optional_parameter pattern: (identifier) @name type: (type_annotation (_) @type)) @binding
(public_field_definition
  name: (_) @name
  !type
  value: [
    (new_expression constructor: (_) @type)
    (call_expression function: [(identifier) (member_expression)] @called)
    (identifier) @assigned
    (member_expression) @assigned
  ]) @binding
