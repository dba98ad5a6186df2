; What JavaScript and TypeScript share.

; Methods that are put into a prototype, and functions that are put anywhere.
(assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @owner property: (property_identifier) @prototype)
    property: (property_identifier) @name)
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]
  (#eq? @prototype "prototype")) @definition.method
(assignment_expression
  left: [
    (identifier) @name
    (member_expression property: [(property_identifier) (private_property_identifier)] @name)
  ]
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]) @definition.function

(function_declaration name: (identifier) @name body: (_) @body) @definition.function
(generator_function_declaration name: (identifier) @name body: (_) @body) @definition.function
(variable_declarator
  name: (identifier) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]) @definition.function
(pair
  key: (property_identifier) @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ]) @definition.function

(export_statement
  "default" @name
  value: [
    (arrow_function body: (_) @body)
    (function_expression !name body: (_) @body)
    (class !name body: (_) @body)
  ]) @definition.function
(class_declaration name: (_) @name body: (_) @body) @definition.class
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @definition.class
(assignment_expression
  left: [(identifier) @name (member_expression property: (property_identifier) @name)]
  right: (class body: (_) @body)) @definition.class

(method_definition name: (property_identifier) @name body: (_) @body (#eq? @name "constructor")) @definition.constructor
(method_definition ["get" "set"] name: (_) @name body: (_) @body) @definition.property
(class_body (method_definition name: (_) @name body: (_) @body) @definition.method)
(method_definition name: (_) @name body: (_) @body) @definition.function

; Names of the module. What `require` brings is an import.
(program
  (lexical_declaration
    kind: "const"
    (variable_declarator
      name: (identifier) @name
      value: (call_expression function: (identifier) @function)? ) @definition.constant)
  (#not-eq? @function "require"))
(program (export_statement
  (lexical_declaration kind: "const" (variable_declarator name: (identifier) @name) @definition.constant)))
(program (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @definition.variable))
(program (export_statement
  (lexical_declaration kind: "let" (variable_declarator name: (identifier) @name) @definition.variable)))
(program
  (variable_declaration
    (variable_declarator
      name: (identifier) @name
      value: (call_expression function: (identifier) @function)? ) @definition.variable)
  (#not-eq? @function "require"))
(program (export_statement
  (variable_declaration (variable_declarator name: (identifier) @name) @definition.variable)))

(comment) @comment

(decorator [
  (identifier) @name
  (member_expression) @name
  (call_expression function: (_) @name arguments: (_) @arguments)
]) @annotation

; Tests and groups of them have titles.
(call_expression
  function: [
    (identifier) @function
    (member_expression object: (identifier) @function)
    (call_expression function: (member_expression object: (identifier) @function))
  ]
  arguments: (arguments
    .
    [(string (string_fragment) @name) (template_string (string_fragment) @name)]
    [(arrow_function body: (_) @body) (function_expression body: (_) @body)])
  (#any-of? @function
    "describe" "it" "test" "suite" "specify" "context" "fdescribe" "xdescribe" "fit" "xit" "xtest")) @definition.test
