(package_clause name: (package_identifier) @name body: (_)? @body) @definition.module
(package_object name: (identifier) @name body: (_) @body) @definition.module

(class_definition name: (identifier) @name body: (_)? @body) @definition.class
(object_definition name: (identifier) @name body: (_)? @body) @definition.class
(trait_definition name: (identifier) @name body: (_)? @body) @definition.interface
(enum_definition name: (identifier) @name body: (_) @body) @definition.enum
(simple_enum_case name: (identifier) @name) @definition.enum_member
(full_enum_case name: (identifier) @name) @definition.enum_member
(type_definition name: (type_identifier) @name type: (_)? @type) @definition.type_alias

(function_definition name: (identifier) @name body: (_) @body (#eq? @name "this")) @definition.constructor
; A function that extends a type belongs to it.
(extension_definition
  parameters: (parameters . (parameter type: [(type_identifier) @owner (generic_type type: (type_identifier) @owner)]))
  body: (function_definition
    name: (_) @name
    return_type: (_)? @type
    body: (_) @body) @definition.method)
(extension_definition
  parameters: (parameters . (parameter type: [(type_identifier) @owner (generic_type type: (type_identifier) @owner)]))
  body: (template_body
    (function_definition
      name: (_) @name
      return_type: (_)? @type
      body: (_) @body) @definition.method))
(function_definition
  name: [(identifier) (operator_identifier)] @name
  return_type: (_)? @type
  body: (_) @body) @definition.function
(function_declaration
  name: [(identifier) (operator_identifier)] @name
  return_type: (_)? @type) @definition.function

; Functions without names that a variable holds.
(val_definition pattern: (identifier) @name value: (lambda_expression (_) @body .)) @definition.function

(template_body [
  (val_definition pattern: (identifier) @name type: (_)? @type) @definition.field
  (var_definition pattern: (identifier) @name type: (_)? @type) @definition.field
  (val_declaration name: (identifier) @name type: (_) @type) @definition.field
  (var_declaration name: (identifier) @name type: (_) @type) @definition.field
])
(compilation_unit [
  (val_definition pattern: (identifier) @name type: (_)? @type) @definition.constant
  (var_definition pattern: (identifier) @name type: (_)? @type) @definition.variable
])
(given_definition name: (identifier) @name return_type: (_)? @type) @definition.constant
(class_definition
  class_parameters: (class_parameters
    (class_parameter name: (identifier) @name type: (_) @type) @definition.field))
(enum_definition
  class_parameters: (class_parameters
    (class_parameter name: (identifier) @name type: (_) @type) @definition.field))

[(comment) (block_comment)] @comment

(annotation name: (_) @name arguments: (arguments)? @arguments) @annotation

; Tests have titles.
(call_expression
  function: (call_expression function: (identifier) @function arguments: (arguments . (string) @name))
  arguments: (block) @body
  (#any-of? @function "test" "property")) @definition.test
(infix_expression
  left: (string) @name
  operator: (identifier) @function
  right: (block) @body
  (#any-of? @function "in" "should" "when")) @definition.test
