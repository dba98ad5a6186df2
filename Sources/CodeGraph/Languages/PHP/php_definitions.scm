(namespace_definition name: (namespace_name) @name body: (_)? @body) @definition.module

(class_declaration name: (name) @name body: (_) @body) @definition.class
(trait_declaration name: (name) @name body: (_) @body) @definition.class
(interface_declaration name: (name) @name body: (_) @body) @definition.interface
(enum_declaration name: (name) @name body: (_) @body) @definition.enum
(enum_case name: (name) @name) @definition.enum_member

(method_declaration name: (name) @name body: (_) @body (#eq? @name "__construct")) @definition.constructor
(method_declaration name: (name) @name return_type: (_)? @type body: (_)? @body) @definition.method
(function_definition name: (name) @name return_type: (_)? @type body: (_) @body) @definition.function
(assignment_expression
  left: (variable_name (name) @name)
  right: [
    (arrow_function return_type: (_)? @type body: (_) @body)
    (anonymous_function return_type: (_)? @type body: (_) @body)
  ]) @definition.function

(property_declaration
  type: (_)? @type
  (property_element name: (variable_name (name) @name))) @definition.field
(property_promotion_parameter type: (_)? @type name: (variable_name (name) @name @definition.field))
(const_declaration (const_element (name) @name) @definition.constant)
((function_call_expression
    function: (name) @function
    arguments: (arguments . (argument (string (string_content) @name))))
  (#eq? @function "define")) @definition.constant
(program
  (expression_statement (assignment_expression left: (variable_name) @name) @definition.variable))

(comment) @comment

(attribute [(name) (qualified_name)] @name parameters: (arguments)? @arguments) @annotation

; Tests have titles in Pest.
(function_call_expression
  function: (name) @function
  arguments: (arguments
    .
    (argument (string (string_content) @name))
    .
    (argument [(anonymous_function body: (_) @body) (arrow_function body: (_) @body)]))
  (#any-of? @function "it" "test" "describe")) @definition.test
