package org.example.garden;

import static java.util.Objects.requireNonNull;
import java.util.*;
import java.util.List;

/** Grows plants. */
@Service("garden")
public class Garden<T extends Plant> extends Place implements Open, java.io.Closeable {
    /** Most plants. */
    public static final int MOST = 10;
    private final Map<String, List<T>> beds = new HashMap<>();
    int width, height = 2;

    static { load(); }

    /** A garden of that owner. */
    @Inject
    public Garden(Owner owner) {
        super(owner);
        this.owner = requireNonNull(owner);
    }

    @Override
    @Scheduled(cron = "daily")
    public List<T> water(@NotNull Can can, int... amounts) throws DryException {
        var hose = new Hose<T>(can);
        Plant first = hose.find(MOST);
        List<T> all = first.all();
        all.forEach(this::grow);
        all.stream().map(Plant::name).forEach(x -> print(x));
        Runnable task = () -> stop();
        return Garden.<T>sorted(all);
    }

    abstract void grow(T plant);

    interface Visitor<R> extends Guest, Named {
        int LIMIT = 3;
        R visit(Garden<?> garden);
        default void leave() { close(); }
    }

    enum Season implements Named {
        /** When things grow. */
        SPRING("warm"),
        WINTER { void snow() {} };

        private final String name;

        Season(String name) { this.name = name; }
    }

    record Bed(int number, Soil soil) implements Named {
        Bed {
            check(number);
        }
    }

    @interface Marked {
        String value() default "";
    }

    Object make() {
        return new Visitor<String>() {
            public String visit(Garden<?> garden) { return (String) garden.toString(); }
        };
    }
}
