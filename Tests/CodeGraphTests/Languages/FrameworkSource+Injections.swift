extension FrameworkSource {
    static let injections = [
        FrameworkSource(
            language: "java", name: "Spring",
            text: """
                @Service
                class Users {
                    @Autowired private Clock clock;
                    private Cache cache;
                    Users(Store store, @Qualifier("fast") Queue queue) {}
                    @Bean Mail mail(Settings settings) { return new Mail(settings); }
                }
                class Plain { Plain(Store store) {} }
                class Wiring { void configure() { bind(Store.class).to(DiskStore.class); } }
                """,
            found: [
                "inject Clock in Users.clock (line 3)", "inject Store in Users.Users (line 5)",
                "inject Queue in Users.Users (line 5)", "bind Mail in Users.mail (line 6)",
                "inject Settings in Users.mail (line 6)", "bind Store in Wiring.configure (line 9)",
                "bind Store . DiskStore in Wiring.configure (line 9)",
            ]),
        FrameworkSource(
            language: "typescript", name: "Angular",
            text: """
                @Injectable()
                class Users {
                    private http = inject(HttpClient);
                    constructor(private store: Store, @Inject(TOKEN) other: Other) {}
                    load(query: Query) {}
                }
                class Plain { constructor(store: Store) {} }
                const providers = [{ provide: Store, useClass: DiskStore }];
                """,
            found: [
                "inject HttpClient in Users.http (line 3)", "inject Store in Users.store (line 4)",
                "inject TOKEN in Users.constructor (line 4)", "inject Other in Users.constructor (line 4)",
                "bind Store in providers (line 8)", "bind Store . DiskStore in providers (line 8)",
            ]),
        FrameworkSource(
            language: "c#", name: ".NET",
            text: """
                class Users(IClock clock) {
                    Users(IStore store, string name) {}
                }
                static class Start {
                    static void Run() {
                        services.AddScoped<IStore, DiskStore>();
                        services.AddSingleton<Mail>();
                    }
                }
                """,
            found: [
                "inject IClock in Users (line 1)", "inject IStore in Users.Users (line 2)",
                "bind IStore in Start.Run (line 6)", "bind IStore . DiskStore in Start.Run (line 6)",
                "bind Mail in Start.Run (line 7)",
            ]),
        FrameworkSource(
            language: "python", name: "FastAPI",
            text: "def user(id: int, store: Store = Depends(get_store), now = Depends(times.now)): pass\n",
            found: ["inject get_store in user (line 1)", "inject times . now in user (line 1)"]),
        FrameworkSource(
            language: "kotlin", name: "Dagger",
            text: """
                class Users @Inject constructor(private val store: Store, clock: Clock) : Base() {
                    @Inject lateinit var mail: Mail
                    val cache: Cache = Cache()
                }
                class Plain(val store: Store)
                """,
            found: [
                "inject Store in Users.store (line 1)", "inject Clock in Users (line 1)",
                "inject Mail in Users.mail (line 2)",
            ]),
        FrameworkSource(
            language: "php", name: "Laravel",
            text: """
                <?php
                class Users { public function __construct(private Store $store) {} }
                $app->bind(Store::class, DiskStore::class);
                """,
            found: [
                "inject Store in Users.__construct (line 2)", "bind Store (line 3)", "bind Store . DiskStore (line 3)",
            ]),
    ]
}
