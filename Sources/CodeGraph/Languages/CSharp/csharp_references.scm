(invocation_expression function: (identifier) @name (#not-eq? @name "nameof")) @reference.call
(invocation_expression function: (generic_name . (identifier) @name)) @reference.call
(invocation_expression
  function: (member_access_expression
    expression: (_) @receiver
    name: [(identifier) @name (generic_name . (identifier) @name)])) @reference.call
(invocation_expression
  function: (conditional_access_expression
    condition: (_) @receiver
    (member_binding_expression name: [(identifier) @name (generic_name . (identifier) @name)]))) @reference.call
(constructor_initializer ["base" "this"] @name) @reference.call

(object_creation_expression type: (identifier) @name) @reference.construct
(object_creation_expression type: (generic_name . (identifier) @name)) @reference.construct
(object_creation_expression
  type: (qualified_name
    qualifier: (_) @receiver
    name: [(identifier) @name (generic_name . (identifier) @name)])) @reference.construct
(attribute name: (identifier) @name) @reference.construct

; Which of them is a class is not known here.
(base_list (identifier) @name) @reference.inherit
(base_list (generic_name . (identifier) @name)) @reference.inherit
(base_list
  (qualified_name
    qualifier: (_) @receiver
    name: [(identifier) @name (generic_name . (identifier) @name)])) @reference.inherit
(base_list (primary_constructor_base_type type: (identifier) @name)) @reference.inherit

; What a container is told to hand over: AddScoped<IStore, Store>(), AddScoped(typeof(IStore), typeof(Store)).
(invocation_expression
  function: (member_access_expression
    name: (generic_name
      (identifier) @function
      (type_argument_list . (identifier) @receiver . (identifier) @name .)))
  (#any-of? @function
    "AddScoped" "AddSingleton" "AddTransient" "TryAddScoped" "TryAddSingleton" "TryAddTransient" "AddHttpClient"
    "AddKeyedScoped" "AddKeyedSingleton" "AddKeyedTransient")) @reference.bind
(invocation_expression
  function: (member_access_expression
    name: (generic_name
      (identifier) @function
      (type_argument_list . (identifier) @name)))
  (#any-of? @function
    "AddScoped" "AddSingleton" "AddTransient" "TryAddScoped" "TryAddSingleton" "TryAddTransient" "AddHttpClient"
    "AddHostedService" "AddDbContext" "AddKeyedScoped" "AddKeyedSingleton" "AddKeyedTransient")) @reference.bind
(invocation_expression
  function: (member_access_expression name: (identifier) @function)
  arguments: (argument_list
    .
    (argument (typeof_expression type: (identifier) @receiver))
    .
    (argument (typeof_expression type: (identifier) @name)))
  (#any-of? @function "AddScoped" "AddSingleton" "AddTransient")) @reference.bind
(invocation_expression
  function: (member_access_expression name: (identifier) @function)
  arguments: (argument_list . (argument (typeof_expression type: (identifier) @name)))
  (#any-of? @function "AddScoped" "AddSingleton" "AddTransient")) @reference.bind

; Types have no kind of node of their own: they are what stands where a type is due.
(variable_declaration type: (identifier) @name) @reference.type
(parameter type: (identifier) @name) @reference.type
(method_declaration returns: (identifier) @name) @reference.type
(property_declaration type: (identifier) @name) @reference.type
(indexer_declaration type: (identifier) @name) @reference.type
(delegate_declaration type: (identifier) @name) @reference.type
(local_function_statement type: (identifier) @name) @reference.type
(foreach_statement type: (identifier) @name) @reference.type
(cast_expression type: (identifier) @name) @reference.type
(as_expression right: (identifier) @name) @reference.type
(is_expression right: (identifier) @name) @reference.type
(declaration_pattern type: (identifier) @name) @reference.type
(catch_declaration type: (identifier) @name) @reference.type
(type_parameter_constraint type: (identifier) @name) @reference.type
(typeof_expression type: (identifier) @name) @reference.type
(nullable_type type: (identifier) @name) @reference.type
(array_type type: (identifier) @name) @reference.type
(generic_name . (identifier) @name) @reference.type
(type_argument_list (identifier) @name) @reference.type
(tuple_element type: (identifier) @name) @reference.type

; Methods and values that are handed on.
(argument (identifier) @name) @reference.use
(argument (member_access_expression expression: (_) @receiver name: (identifier) @name)) @reference.use
(assignment_expression right: (identifier) @name) @reference.use
(variable_declarator name: (_) (identifier) @name) @reference.use
(return_statement (identifier) @name) @reference.use

(using_directive name: (identifier) @alias (qualified_name) @module) @import
(using_directive name: (identifier) @alias (identifier) @module) @import
(using_directive !name "using" @wildcard . [(identifier) (qualified_name)] @module) @import

(variable_declaration
  type: [(identifier) (generic_name) (qualified_name) (nullable_type) (array_type) (predefined_type)] @type
  (variable_declarator name: (identifier) @name)) @binding
(variable_declaration
  type: (implicit_type)
  (variable_declarator
    name: (identifier) @name
    [
      (object_creation_expression type: (_) @type)
      (invocation_expression function: (_) @value)
      (await_expression (invocation_expression function: (_) @value))
      (cast_expression type: (_) @type)
      (as_expression right: (_) @type)
      (identifier) @value
    ])) @binding
(parameter type: (_) @type name: (identifier) @name) @binding
(foreach_statement
  type: [(identifier) (generic_name) (qualified_name)] @type
  left: (identifier) @name) @binding
(declaration_pattern type: (_) @type name: (identifier) @name) @binding
(catch_declaration type: (_) @type name: (identifier) @name) @binding
(assignment_expression
  left: [(identifier) (member_access_expression)] @name
  right: [
    (object_creation_expression type: (_) @type)
    (invocation_expression function: (_) @value)
    (await_expression (invocation_expression function: (_) @value))
    (identifier) @value
  ]) @binding

; Routes: app.MapGet("/users/{id}", Users.Show). Those of controllers are known by their attributes.
(invocation_expression
  function: (member_access_expression expression: (_) @owner name: (identifier) @verb)
  arguments: (argument_list
    .
    (argument (string_literal) @path)
    .
    (argument [
      (identifier) @name
      (member_access_expression expression: (_) @receiver name: (identifier) @name)
      (lambda_expression) @body
    ]))
  (#any-of? @verb "MapGet" "MapPost" "MapPut" "MapDelete" "MapPatch")) @route
(variable_declarator
  name: (identifier) @owner
  (invocation_expression
    function: (member_access_expression expression: (identifier) @receiver name: (identifier) @function)
    arguments: (argument_list . (argument (string_literal) @path)))
  (#eq? @function "MapGroup")) @prefix
