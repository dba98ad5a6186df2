#include <linux/fs.h>
#include "river.h"

#define MOST_BOATS 12
#define WET(x) ((x) > 0)

struct boat;

/* What floats on it. */
struct river {
	const char *name;
	struct boat *boats[MOST_BOATS];
	int (*flood)(struct river *river, int depth);
	unsigned int depth, width;
};

typedef struct {
	int x, y;
} place_t;

enum flow {
	FLOW_SLOW,
	FLOW_FAST = 4,
};

typedef int (*flood_fn)(struct river *, int);
typedef unsigned long depth_t;

extern struct river *the_river;
static int count, *counts;
static DEFINE_MUTEX(river_lock);
LIST_HEAD(rivers);

int river_open(struct river *river);
static struct boat *find_boat(const char *name);

/*
 * Measures how deep it is.
 */
static depth_t measure(struct river *river, place_t at)
{
	struct boat *boat = find_boat(river->name), local;
	flood_fn flood = default_flood;

	river->flood(river, WET(at.x));
	(*river->flood)(river, 2);
	river->flood = river_flood;
	on_rain(&measure, flood);
	return boat ? boat->depth : (depth_t)count;
}
EXPORT_SYMBOL_GPL(measure);

int old_style(a, b)
	int a;
	struct boat *b;
{
	return row(a, b);
}

static const struct river_operations operations = {
	.open = river_open,
	.flood = &river_flood,
};

static int (*steps[])(struct river *) = { river_open, [2] = river_close };

// Opens a river.
SYSCALL_DEFINE2(river_open, const char __user *, name, int, flags)
{
	return steps[0](lookup(name));
}

module_init(river_init);
