extension FrameworkSource {
    static let routes = [
        FrameworkSource(
            language: "python", name: "Flask and FastAPI",
            text: """
                api = Blueprint("api", __name__, url_prefix="/api")
                @api.route("/users/<int:id>", methods=["GET", "POST"])
                def user(id): pass
                @app.get("/items/{id}")
                async def item(id: int): pass
                @cache.get("key")
                def cached(): pass
                @mock.patch("store.load")
                def test(): pass
                """,
            found: [
                "route GET|POST /api/users/<int:id> (line 2)", "route GET /items/{id} (line 4)",
                "route user in GET|POST /api/users/<int:id> (line 2)", "route item in GET /items/{id} (line 4)",
            ]),
        FrameworkSource(
            language: "python", name: "Django and Starlette",
            text: """
                urlpatterns = [
                    path("users/<int:id>/", views.user, name="user"),
                    re_path(r"^old/$", Old.as_view()),
                    path("more/", include("more.urls")),
                    Route("/home", home),
                ]
                """,
            found: [
                "route urlpatterns.ANY /users/<int:id>/ (line 2)", "route urlpatterns.ANY /old/ (line 3)",
                "route urlpatterns.ANY /home (line 5)",
                "route views . user in urlpatterns.ANY /users/<int:id>/ (line 2)",
                "route Old in urlpatterns.ANY /old/ (line 3)", "route home in urlpatterns.ANY /home (line 5)",
            ]),
        FrameworkSource(
            language: "javascript", name: "Express",
            text: """
                app.get('/users/:id', check, show);
                router.post("/users", (request, response) => { save(); });
                router.route('/items').get(items.list);
                cache.get('users', fallback);
                axios.get('/users', options);
                """,
            found: [
                "route GET /users/:id (line 1)", "route POST /users (line 2)", "route GET /items (line 3)",
                "route show in GET /users/:id (line 1)", "route items . list in GET /items (line 3)",
            ]),
        FrameworkSource(
            language: "typescript", name: "NestJS",
            text: """
                @Controller('users')
                export class Users {
                    @Get(':id')
                    find(@Param('id') id: string) {}
                    @Post()
                    make() {}
                }
                class Other { @Get('x') get() {} }
                """,
            found: [
                "route Users.GET /users/:id (line 3)", "route Users.POST /users (line 5)",
                "route find in Users.GET /users/:id (line 3)", "route make in Users.POST /users (line 5)",
            ]),
        FrameworkSource(
            language: "java", name: "Spring",
            text: """
                @RestController
                @RequestMapping("/users")
                class Users {
                    @GetMapping("/{id}") User find(long id) { return null; }
                    @RequestMapping(value = "/all", method = RequestMethod.DELETE) void clear() {}
                    @PostMapping void make() {}
                }
                """,
            found: [
                "route Users.find.GET /users/{id} (line 4)", "route Users.clear.DELETE /users/all (line 5)",
                "route Users.make.POST /users (line 6)", "route find in Users.find.GET /users/{id} (line 4)",
                "route clear in Users.clear.DELETE /users/all (line 5)",
                "route make in Users.make.POST /users (line 6)",
            ]),
        FrameworkSource(
            language: "java", name: "Jakarta",
            text: "@Path(\"/users\") class Users { @GET @Path(\"{id}\") User find(long id) { return null; } }\n",
            found: ["route Users.find.GET /users/{id} (line 1)", "route find in Users.find.GET /users/{id} (line 1)"]),
        FrameworkSource(
            language: "c#", name: "ASP.NET",
            text: """
                [ApiController]
                [Route("api/[controller]")]
                class UsersController : ControllerBase {
                    [HttpGet("{id}")] User Find(int id) => null;
                    [HttpPost] void Make() {}
                }
                static class Start {
                    static void Run() {
                        var items = app.MapGroup("/items");
                        items.MapGet("/{id}", (int id) => Load(id));
                        app.MapPost("/login", Accounts.Login);
                    }
                }
                """,
            found: [
                "route UsersController.Find.GET /api/Users/{id} (line 4)",
                "route UsersController.Make.POST /api/Users (line 5)", "route Start.Run.GET /items/{id} (line 10)",
                "route Start.Run.POST /login (line 11)",
                "route Find in UsersController.Find.GET /api/Users/{id} (line 4)",
                "route Make in UsersController.Make.POST /api/Users (line 5)",
                "route Accounts . Login in Start.Run.POST /login (line 11)",
            ]),
        FrameworkSource(
            language: "go", name: "Gin, chi and net/http",
            text: """
                package main
                func main() {
                    v1 := r.Group("/v1")
                    v1.GET("/users/:id", check, users.Find)
                    r.Get("/items", func(w http.ResponseWriter, r *http.Request) { list() })
                    http.HandleFunc("/old", old)
                    mux.Handle("POST /new", http.HandlerFunc(create))
                    client.Get("http://host/", options)
                }
                """,
            found: [
                "route main.GET /v1/users/:id (line 4)", "route main.GET /items (line 5)",
                "route main.ANY /old (line 6)", "route main.POST /new (line 7)",
                "route users . Find in main.GET /v1/users/:id (line 4)", "route old in main.ANY /old (line 6)",
                "route create in main.POST /new (line 7)",
            ]),
        FrameworkSource(
            language: "ruby", name: "Rails and Sinatra",
            text: """
                namespace :admin do
                  get '/users', to: 'users#index'
                  post "/users" => "admin/user_groups#create"
                end
                get '/hello' do
                  greet
                end
                get :index, params: {}
                """,
            found: [
                "route GET /admin/users (line 2)", "route POST /admin/users (line 3)", "route GET /hello (lines 5-7)",
                "route UsersController . index in GET /admin/users (line 2)",
                "route UserGroupsController . create in POST /admin/users (line 3)",
            ]),
        FrameworkSource(
            language: "php", name: "Laravel, Slim and Symfony",
            text: """
                <?php
                Route::get('/users/{id}', [UserController::class, 'show']);
                Route::prefix('admin')->group(function () { Route::post('clear', 'AdminController@clear'); });
                $app->get('/hello', function () { greet(); });
                class Home { #[Route('/home', methods: ['GET'])] public function index() {} }
                """,
            found: [
                "route GET /users/{id} (line 2)", "route POST /admin/clear (line 3)", "route GET /hello (line 4)",
                "route Home.index.GET /home (line 5)", "route UserController . show in GET /users/{id} (line 2)",
                "route AdminController . clear in POST /admin/clear (line 3)",
                "route index in Home.index.GET /home (line 5)",
            ]),
        FrameworkSource(
            language: "rust", name: "actix and axum",
            text: """
                #[get("/users/{id}")]
                async fn user() {}
                fn app() -> Router { Router::new().route("/items", get(list).post(make)).route("/old", post(h::old)) }
                """,
            found: [
                "route GET /users/{id} (line 1)", "route app.GET /items (line 3)", "route app.POST /old (line 3)",
                "route user in GET /users/{id} (line 1)", "route list in app.GET /items (line 3)",
                "route h . old in app.POST /old (line 3)",
            ]),
        FrameworkSource(
            language: "kotlin", name: "Ktor",
            text: """
                fun Application.start() {
                    routing {
                        route("/api") {
                            get("/users/{id}") { load() }
                        }
                    }
                }
                """,
            found: ["route start.GET /api/users/{id} (line 4)"]),
    ]
}
