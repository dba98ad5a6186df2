; What ECMAScript/ does not say: types, and functions with the types that they return.
(function_declaration
  name: (identifier) @name
  return_type: (type_annotation (_) @type)
  body: (_) @body) @definition.function
(generator_function_declaration
  name: (identifier) @name
  return_type: (type_annotation (_) @type)
  body: (_) @body) @definition.function
(function_signature name: (identifier) @name return_type: (type_annotation (_) @type)?) @definition.function
(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function return_type: (type_annotation (_) @type) body: (_) @body)
    (function_expression return_type: (type_annotation (_) @type) body: (_) @body)
  ]) @definition.function
(variable_declarator
  name: (identifier) @name
  type: (type_annotation (_) @type)
  value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @definition.function

(abstract_class_declaration name: (type_identifier) @name body: (_) @body) @definition.class
(interface_declaration name: (type_identifier) @name body: (_) @body) @definition.interface
(enum_declaration name: (identifier) @name body: (_) @body) @definition.enum
(enum_body name: (_) @name @definition.enum_member)
(enum_body (enum_assignment name: (_) @name) @definition.enum_member)
(type_alias_declaration
  name: (type_identifier) @name
  value: [
    (type_identifier)
    (nested_type_identifier)
    (generic_type)
    (union_type)
    (intersection_type)
    (array_type)
    (function_type)
  ] @body @type) @definition.type_alias
(type_alias_declaration name: (type_identifier) @name value: (_) @body) @definition.type_alias

(internal_module name: (_) @name body: (_) @body) @definition.module
(module name: (string (string_fragment) @name) body: (_)? @body) @definition.module
(module name: (identifier) @name body: (_)? @body) @definition.module

; Members. Parameters of a constructor with a modifier are fields, too.
(method_definition name: (property_identifier) @name body: (_) @body (#eq? @name "constructor")) @definition.constructor
(method_definition
  ["get" "set"]
  name: (_) @name
  return_type: (type_annotation (_) @type)?
  body: (_) @body) @definition.property
(class_body
  (method_definition
    name: (_) @name
    return_type: (type_annotation (_) @type)
    body: (_) @body) @definition.method)
(method_definition name: (_) @name return_type: (type_annotation (_) @type) body: (_) @body) @definition.function
(abstract_method_signature name: (_) @name return_type: (type_annotation (_) @type)?) @definition.method
(method_signature name: (_) @name return_type: (type_annotation (_) @type)?) @definition.method
(public_field_definition
  name: (_) @name
  value: [
    (arrow_function return_type: (type_annotation (_) @type)? body: (_) @body)
    (function_expression return_type: (type_annotation (_) @type)? body: (_) @body)
  ]) @definition.method
(public_field_definition name: (_) @name type: (type_annotation (_) @type)?) @definition.field
(interface_body
  (property_signature name: (_) @name type: (type_annotation (_) @type)?) @definition.field)
(type_alias_declaration
  value: (object_type
    (property_signature name: (_) @name type: (type_annotation (_) @type)?) @definition.field))
(required_parameter
  (accessibility_modifier)
  pattern: (identifier) @name
  type: (type_annotation (_) @type)?) @definition.field

(program
  (lexical_declaration
    kind: "const"
    (variable_declarator name: (identifier) @name type: (type_annotation (_) @type)) @definition.constant))
(export_statement
  (lexical_declaration
    kind: "const"
    (variable_declarator name: (identifier) @name type: (type_annotation (_) @type)?) @definition.constant))
(program
  (lexical_declaration
    kind: "let"
    (variable_declarator name: (identifier) @name type: (type_annotation (_) @type)) @definition.variable))
(export_statement
  (lexical_declaration
    kind: "let"
    (variable_declarator name: (identifier) @name type: (type_annotation (_) @type)?) @definition.variable))
(ambient_declaration
  (lexical_declaration
    (variable_declarator name: (identifier) @name type: (type_annotation (_) @type)?) @definition.constant))
(ambient_declaration
  (variable_declaration
    (variable_declarator name: (identifier) @name type: (type_annotation (_) @type)?) @definition.variable))
