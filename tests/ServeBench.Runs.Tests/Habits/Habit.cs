namespace ServeBench.Runs.Tests.Habits;

/// <summary>One way in which third-party servers behave, and what the pipeline is to do with it.</summary>
/// <param name="Name">For people: the row of artifacts/evidence/habits.md; docs/adding-a-stack.md takes rows together.</param>
/// <param name="Switches">Of the stand-in.</param>
/// <param name="Verdict">What must come of it, as a regular expression: the lists below say over what.</param>
/// <param name="Sections">Sections of stack.yaml by which its folder says so; empty where nothing needs to be said.</param>
public sealed record Habit(string Name, string[] Switches, string Verdict, string Sections = "")
{
    public const string Ready = "^ready";

    /// <summary>How the stop must have gone, as a regular expression over <see cref="HabitRun.Ending"/>.</summary>
    public string Ending { get; init; } = "";

    /// <summary>The load under which it is seen, one of <see cref="ToyCheckout"/>'s workloads.</summary>
    public string Workload { get; init; } = ToyCheckout.Doubles;

    /// <summary>Whether the user has agreed to servers that listen on every interface (<c>--yes</c>).</summary>
    public bool IsAgreed { get; init; }

    /// <summary>Whether it matters only where others can reach this machine.</summary>
    public bool NeedsNetwork { get; init; }

    public override string ToString() => Name;

    /// <summary>How it starts, and is stopped: the verdict is over why it cannot be used, or <c>ready</c> and after how long.</summary>
    public static IReadOnlyList<Habit> All { get; } =
    [
        new("refuses until ready", ["--phases=refuse:0.8,ready"], Ready),
        new("hangs until ready", ["--phases=hang:0.8,ready"], Ready, Probe),
        new("answers 400 until ready", ["--phases=400:0.8,ready"], Ready, Probe),
        new("answers 404 until ready", ["--phases=404:0.8,ready"], Ready, Probe),
        new("answers 503 until ready", ["--phases=503:0.8,ready"], Ready, Probe),
        new("200 in every state, the body says which", ["--phases=early:0.8,ready"], Ready, Probe),
        new("ready too early: healthy, and refuses requests", ["--phases=lies:0.8,ready"], Ready, Probe),
        new("ready too early: healthy, and answers wrongly at first", ["--phases=wrong:0.8,ready"], Ready, Probe),
        new("ready between two loads", ["--phases=503:0.4,lies:0.3,503:0.4,ready"], Ready, Probe),
        new("unhealthy with status 200, for ever", ["--phases=unhealthy"], "was not ready within", Probe),
        new("answers wrongly for ever", ["--phases=wrong"], "^PARITY FAILED: no answer was right within 4 s .*largest difference [0-9.]+ ", Probe),
        new("crash loop behind an open port", ["--crash-loop=0.2"], "Application startup failed", Fatal),
        new("exits with code 1 while it starts", ["--phases=hang", "--dies=exit-1", "--dies-after=0.5"], "ended by itself with code 1"),
        new("dies by SIGSEGV while it starts", ["--phases=hang", "--dies=segv", "--dies-after=0.5"], "ended by signal 11"),
        new("a wrapper swallows SIGTERM", ["--shape=wrapper", "--workers=2"], Ready, StopChild) { Ending = "^code 0$" },
        new("children in sessions of their own", ["--shape=sessions", "--workers=2"], Ready) { Ending = "^code 0$" },
        new("the same, and their labels are gone", ["--shape=sessions", "--workers=2", "--hides-labels"], Ready) { Ending = "^code 0$" },
        new("forked twice, adopted by init", ["--shape=adopted"], Ready) { Ending = "^code 0, 1 killed$" },
        new("the same, and its labels are gone", ["--shape=adopted", "--hides-labels"], Ready) { Ending = "^code 0, 1 killed$" },
        new("dies at SIGTERM, its children serve on", ["--shape=survivors", "--workers=2"], Ready) { Ending = "^code 143, 2 killed$" },
        new("children that serve on, and their labels are gone", ["--shape=survivors", "--workers=2", "--hides-labels"], Ready)
        {
            Ending = "^code 143, 2 killed$",
        },
        new("ignores every request to end", ["--stop=ignores"], Ready) { Ending = "^code 137, not accepted, 1 killed$" },
        new("takes a second to end", ["--stop=slow", "--stop-limit=1"], Ready) { Ending = "^code 0$" },
        new("waits for idle connections before it ends", ["--stop=waits-for-idle", "--stop-limit=1.5"], Ready) { Ending = "^code 0$" },
        new("exits with code 1 when it is stopped", ["--stop=exit-1"], Ready) { Ending = "^code 1, not accepted$" },
        new("dies by SIGSEGV when it is stopped", ["--stop=segv"], Ready) { Ending = "^code 139, not accepted$" },
        new("writes to shared memory, HOME, TMPDIR and its folder", ["--leaves=shm,home,tmp,cwd"], Ready, Leaves),
        new("listens on every interface", ["--every-interface"], "listens on every interface of this machine", Everywhere)
        {
            NeedsNetwork = true,
        },
        new("listens on every interface, with --yes", ["--every-interface"], Ready, Everywhere) { IsAgreed = true },
        new("runs at a lower priority", ["--nice=10"], Ready),
        new("confines its threads to cores of its own choice", ["--own-affinity=0,1", "--work=2"], Ready),
        new("one bad item fails its whole batch", ["--batch-window=30", "--bad-item=whole-batch"], Ready),
        new("one bad item fails alone", ["--batch-window=30", "--bad-item=alone"], Ready),
    ];

    /// <summary>What it does under load: the verdict is over <see cref="HabitLoad.Outcomes"/>.</summary>
    public static IReadOnlyList<Habit> UnderLoad { get; } =
    [
        new("503 for everything", ["--fail=503", .. Spared], "^rejected 100 %(, success 0 %)?$", Overload),
        new("503 for three in ten", ["--fail=503", "--fail-share=0.3", .. Spared], SevenInTen, Overload),
        new("503 for everything, of which nothing is said", ["--fail=503", .. Spared], "^5xx 100 %(, success 0 %)?$"),
        new("503 that a header field tells apart", ["--fail=503", "--fail-header=retry-after: 1", .. Spared], "^rejected 100 %(, success 0 %)?$", Field),
        new("200 with an error inside", ["--fail=200", """--fail-body={"error":"the engine stopped"}""", .. Spared], "^failed-in-200 100 %(, success 0 %)?$", Inside),
        new("an error in a stream that has begun", ["--stream=error-event", .. Spared], "^failed-in-200 100 %(, success 0 %)?$", InEvent) { Workload = ToyCheckout.Streams },
        new("events without end", ["--stream=endless", .. Spared], "^timeout 100 %$") { Workload = ToyCheckout.Streams },
        new("a stream without an event", ["--stream=silent", .. Spared], "^timeout 100 %$") { Workload = ToyCheckout.Streams },
        new("closes idle connections", ["--idle-close=0.02"], @"^success 100 %, \d+ reopened$", ClosesIdle) { Workload = ToyCheckout.Seldom },
        new("closes every connection after its answer, and says so", ["--close-after=answer"], AllAnswered),
        new("closes every connection after its answer, silently", ["--close-after=answer", "--close-silently"], AllAnswered, ClosesAnswered),
        new("closes connections after the third request", ["--close-after=3"], AllAnswered),
        new("closes connections after errors", ["--fail=503", "--fail-share=0.3", "--close-after=error", "--close-silently", .. Spared], SevenInTen, $"{Overload}\n{ClosesFailed}"),
    ];

    /// <summary>What it counts of itself meanwhile: the verdict is over <see cref="HabitLoad.Counted"/>.</summary>
    public static IReadOnlyList<Habit> Counting { get; } =
    [
        new("counts nothing", ["--counters=none"], "^not measured: the server has no metrics endpoint$", NoCounters),
        new("has no counters where it should", ["--counters=none"], "did not report its counters at the window's beginning", Counters()),
        new("counts nothing before the first request", ["--counters=after-first"], AllCounted, Counters()),
        new("counts late", ["--counter-delay=0.1"], AllCounted, Counters(delay: "100ms")),
        new("each worker counts for itself", ["--counters=per-worker", "--shape=sessions", "--workers=2"], AllCounted, Counters()),
        new("counts in another unit", ["--counter-unit=microseconds"], AllCounted, Counters("microseconds", "us")),
    ];

    /// <summary>The references of the toy kind of work: they are answered, so that the load begins; under load they are few.</summary>
    private static string[] Spared => ["--spare=1", "--spare=21"];

    private const string AllAnswered = @"^success 100 %(, \d+ reopened)?$";
    private const string SevenInTen = @"^success (6[89]|7[0-2]) %, rejected (2[89]|3[0-2]) %(, \d+ reopened)?$";

    /// <summary>A request takes far less than a second, whatever unit the server counts in, and more than a microsecond.</summary>
    private const string AllCounted = @"^average batch 1\.0, (0\.\d*[1-9]\d*|[1-9]\d?\.\d+) ms a request$";

    private const string Overload = """
        outcomes: [{ status: 503, body: { path: error.type, equals: overloaded }, means: rejected }]
        """;

    private const string Field = """
        outcomes: [{ status: 503, header: { retry-after: present }, means: rejected }]
        """;

    private const string Inside = """
        outcomes: [{ status: 200, body: { path: error }, means: failed }]
        """;

    private const string InEvent = """
        outcomes: [{ event: { path: error }, means: failed }]
        """;

    private const string ClosesAnswered = """
        lifecycle:
          connections: { closes-after: answer }
        """;

    private const string ClosesFailed = """
        lifecycle:
          connections: { closes-after: error }
        """;

    private const string ClosesIdle = """
        lifecycle:
          connections: { idle: 20ms }
        """;

    private const string Everywhere = """
        lifecycle:
          listens: every-interface
        """;

    private const string NoCounters = """
        counters: { absent: the server has no metrics endpoint }
        """;

    private const string Probe = """
        lifecycle:
          ready:
            probes: [{ path: /health, status: [200], body: { path: status, equals: Healthy }, timeout: 500ms }]
            interval: 50ms
        """;

    private const string Fatal = """
        lifecycle:
          ready: { fatal: ["Application startup failed"] }
        """;

    private const string StopChild = """
        lifecycle:
          stop:
            steps: [{ signal: SIGTERM, to: child, named: "--role=worker", wait: 3s }]
            exit-codes: [0]
        """;

    private const string Leaves = """
        lifecycle:
          leaves: { shared-memory: ["^standin-"] }
        """;

    private static string Counters(string word = "seconds", string unit = "s", string delay = "0s") => $$"""
        counters:
          path: /metrics
          delay: {{delay}}
          inferences: standin_items_total
          executions: standin_batches_total
          timings: { request: standin_request_{{word}}, unit: {{unit}} }
        """;
}
