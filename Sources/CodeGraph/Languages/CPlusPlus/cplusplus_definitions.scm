; Members that are defined outside of their types: A::f, a::B::f, A<T>::f.
(function_definition
  type: (_) @type
  declarator: [
    (function_declarator
      declarator: [
        (qualified_identifier
          scope: [(namespace_identifier) @owner (template_type name: (type_identifier) @owner)]
          name: [(identifier) (operator_name)] @name)
        (qualified_identifier
          name: (qualified_identifier
            scope: [(namespace_identifier) @owner (template_type name: (type_identifier) @owner)]
            name: [(identifier) (operator_name)] @name))
      ])
    (_
      (function_declarator
        declarator: [
          (qualified_identifier
            scope: [(namespace_identifier) @owner (template_type name: (type_identifier) @owner)]
            name: [(identifier) (operator_name)] @name)
          (qualified_identifier
            name: (qualified_identifier
              scope: [(namespace_identifier) @owner (template_type name: (type_identifier) @owner)]
              name: [(identifier) (operator_name)] @name))
        ]))
  ]
  body: (_) @body) @definition.method
(function_definition
  !type
  declarator: (function_declarator
    declarator: [
      (qualified_identifier
        scope: [(namespace_identifier) @owner (template_type name: (type_identifier) @owner)]
        name: (identifier) @name)
      (qualified_identifier
        name: (qualified_identifier
          scope: [(namespace_identifier) @owner (template_type name: (type_identifier) @owner)]
          name: (identifier) @name))
    ])
  body: (_) @body) @definition.constructor
(function_definition
  !type
  declarator: (function_declarator
    declarator: (qualified_identifier
      scope: [(namespace_identifier) @owner (template_type name: (type_identifier) @owner)]
      name: [(destructor_name) (operator_cast)] @name))
  body: (_) @body) @definition.method

; Constructors and destructors within their types.
(field_declaration_list
  (function_definition
    !type
    declarator: (function_declarator declarator: (identifier) @name)
    body: (_)? @body) @definition.constructor)
(field_declaration_list
  (declaration !type declarator: (function_declarator declarator: (identifier) @name)) @definition.constructor)
(field_declaration_list
  (template_declaration
    (function_definition
      !type
      declarator: (function_declarator declarator: (identifier) @name)
      body: (_)? @body) @definition.constructor))
(function_definition
  declarator: (function_declarator declarator: (destructor_name) @name)
  body: (_)? @body) @definition.method
(declaration declarator: (function_declarator declarator: (destructor_name) @name)) @definition.method

; Functions, and members within their types; functions that are static are seen by their file only.
(function_definition
  (storage_class_specifier "static" @private)?
  type: (_) @type
  declarator: [
    (function_declarator declarator: [(identifier) (field_identifier) (operator_name)] @name)
    (pointer_declarator
      declarator: (function_declarator declarator: [(identifier) (field_identifier) (operator_name)] @name))
    (reference_declarator (function_declarator declarator: [(identifier) (field_identifier) (operator_name)] @name))
    (pointer_declarator
      declarator: (pointer_declarator
        declarator: (function_declarator declarator: [(identifier) (field_identifier) (operator_name)] @name)))
  ]
  body: (_)? @body) @definition.function
(field_declaration
  type: (_) @type
  declarator: [
    (function_declarator declarator: [(field_identifier) (operator_name)] @name)
    (pointer_declarator declarator: (function_declarator declarator: [(field_identifier) (operator_name)] @name))
    (reference_declarator (function_declarator declarator: [(field_identifier) (operator_name)] @name))
  ]) @definition.method

; Prototypes. Within functions they would be variables.
(translation_unit
  (declaration
    type: (_) @type
    declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
      (reference_declarator (function_declarator declarator: (identifier) @name))
    ]) @definition.function)
(declaration_list
  (declaration
    type: (_) @type
    declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
      (reference_declarator (function_declarator declarator: (identifier) @name))
    ]) @definition.function)
(preproc_ifdef
  (declaration
    type: (_) @type
    declarator: [
      (function_declarator declarator: (identifier) @name)
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    ]) @definition.function)
(template_declaration
  (declaration
    type: (_) @type
    declarator: [
      (function_declarator declarator: [(identifier) (operator_name)] @name)
      (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
      (reference_declarator (function_declarator declarator: (identifier) @name))
    ]) @definition.function)

; Functions without names that a variable holds.
(init_declarator
  declarator: (identifier) @name
  value: (lambda_expression body: (_) @body)) @definition.function

(namespace_definition name: (_) @name body: (_) @body) @definition.module
(namespace_alias_definition name: (_) @name) @definition.module
(class_specifier name: (type_identifier) @name body: (_) @body) @definition.class
(class_specifier name: (template_type name: (type_identifier) @name) body: (_) @body) @definition.class
(class_specifier name: (qualified_identifier name: (type_identifier) @name) body: (_) @body) @definition.class
(struct_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(struct_specifier name: (template_type name: (type_identifier) @name) body: (_) @body) @definition.struct
(struct_specifier name: (qualified_identifier name: (type_identifier) @name) body: (_) @body) @definition.struct
(union_specifier name: (type_identifier) @name body: (_) @body) @definition.struct
(type_definition
  type: [(struct_specifier !name body: (_) @body) (union_specifier !name body: (_) @body)]
  declarator: (type_identifier) @name) @definition.struct
(type_definition type: (enum_specifier !name body: (_) @body) declarator: (type_identifier) @name) @definition.enum
(enum_specifier name: (_) @name body: (_) @body) @definition.enum
(enumerator name: (identifier) @name) @definition.enum_member
(concept_definition name: (identifier) @name) @definition.interface

(alias_declaration name: (type_identifier) @name type: (_) @type) @definition.type_alias
(type_definition type: (_) @type declarator: (type_identifier) @name) @definition.type_alias
(type_definition
  type: (_) @type
  declarator: (pointer_declarator declarator: (type_identifier) @name)) @definition.type_alias
(type_definition
  declarator: (function_declarator
    declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))) @definition.type_alias

(field_declaration
  type: (_) @type
  declarator: [
    (field_identifier) @name
    (pointer_declarator declarator: (field_identifier) @name)
    (reference_declarator (field_identifier) @name)
    (array_declarator declarator: (field_identifier) @name)
    (function_declarator
      declarator: (parenthesized_declarator (pointer_declarator declarator: (field_identifier) @name)))
  ]) @definition.field

; Names of a file or of a namespace.
(translation_unit
  (declaration
    (type_qualifier ["const" "constexpr"])
    type: (_) @type
    declarator: (init_declarator
      declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])) @definition.constant)
(declaration_list
  (declaration
    (type_qualifier ["const" "constexpr"])
    type: (_) @type
    declarator: (init_declarator
      declarator: [(identifier) @name (array_declarator declarator: (identifier) @name)])) @definition.constant)
(translation_unit
  (declaration
    type: (_) @type
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (array_declarator declarator: (identifier) @name)
      (init_declarator
        declarator: [
          (identifier) @name
          (pointer_declarator declarator: (identifier) @name)
          (array_declarator declarator: (identifier) @name)
        ])
    ]) @definition.variable)
(declaration_list
  (declaration
    type: (_) @type
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (array_declarator declarator: (identifier) @name)
      (init_declarator
        declarator: [
          (identifier) @name
          (pointer_declarator declarator: (identifier) @name)
          (array_declarator declarator: (identifier) @name)
        ])
    ]) @definition.variable)

; What is meant where nothing else is defined.
((preproc_ifdef
  "#ifndef"
  name: (identifier) @fallback
  (preproc_function_def name: (identifier) @name value: (_)? @body) @definition.macro)
  (#eq? @fallback @name))
(preproc_function_def name: (identifier) @name value: (_)? @body) @definition.macro
(preproc_def name: (identifier) @name value: (_) @body) @definition.constant

(comment) @comment

(attribute_declaration (attribute name: (identifier) @name (argument_list)? @arguments)) @annotation

; Macros that define a test: the grammar reads them as functions without a type, or as calls before a block.
(function_definition
  !type
  declarator: (function_declarator
    declarator: (identifier) @macro
    parameters: (parameter_list . (parameter_declaration) . (parameter_declaration type: (type_identifier) @name)))
  body: (_) @body
  (#any-of? @macro "TEST" "TEST_F" "TEST_P" "TYPED_TEST" "TYPED_TEST_P")) @definition.test
(translation_unit
  (expression_statement
    (call_expression
      function: (identifier) @macro
      arguments: (argument_list . (string_literal (string_content) @name)))) @definition.test
  .
  (compound_statement) @body
  (#any-of? @macro "TEST_CASE" "SCENARIO" "DOCTEST_TEST_CASE"))
(translation_unit
  (expression_statement
    (call_expression
      function: (identifier) @macro
      arguments: (argument_list . (_) . (string_literal (string_content) @name)))) @definition.test
  .
  (compound_statement) @body
  (#any-of? @macro "TEST_CASE_METHOD" "TEST_CASE_FIXTURE" "TEMPLATE_TEST_CASE"))
