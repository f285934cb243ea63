namespace ServeBench.Runs.Tests.Habits;

/// <summary>One way in which third-party servers behave, and what the pipeline is to do with it.</summary>
/// <param name="Name">For people: the left column of the table in docs/adding-a-stack.md.</param>
/// <param name="Switches">Of the stand-in.</param>
/// <param name="Verdict">What must come of it, as a regular expression over why it cannot be used, or <c>ready</c>.</param>
/// <param name="Sections">Sections of stack.yaml by which its folder says so; empty where nothing needs to be said.</param>
public sealed record Habit(string Name, string[] Switches, string Verdict, string Sections = "")
{
    public const string Ready = "^ready";

    public override string ToString() => Name;

    /// <summary>How it starts, and is stopped.</summary>
    public static IReadOnlyList<Habit> All { get; } =
    [
        new("refuses until ready", ["--phases=refuse:0.8,ready"], Ready),
        new("hangs until ready", ["--phases=hang:0.8,ready"], Ready, Probe),
        new("answers 400 until ready", ["--phases=400:0.8,ready"], Ready, Probe),
        new("answers 404 until ready", ["--phases=404:0.8,ready"], Ready, Probe),
        new("answers 503 until ready", ["--phases=503:0.8,ready"], Ready, Probe),
        new("200 in every state, the body says which", ["--phases=early:0.8,ready"], Ready, Probe),
        new("ready too early: healthy, and refuses requests", ["--phases=lies:0.8,ready"], Ready, Probe),
        new("ready too early: healthy, and answers wrongly at first", ["--phases=wrong:0.8,ready"], "PARITY FAILED", Probe),
        new("unhealthy with status 200, for ever", ["--phases=unhealthy"], "was not ready within", Probe),
        new("answers wrongly for ever", ["--phases=wrong"], "PARITY FAILED", Probe),
        new("crash loop behind an open port", ["--crash-loop=0.2"], "Application startup failed", Fatal),
        new("exits with code 1 while it starts", ["--phases=hang", "--dies=exit-1", "--dies-after=0.5"], "ended by itself with code 1"),
        new("dies by SIGSEGV while it starts", ["--phases=hang", "--dies=segv", "--dies-after=0.5"], "ended by signal 11"),
        new("a wrapper swallows SIGTERM", ["--shape=wrapper", "--workers=2"], Ready, StopChild),
        new("children in sessions of their own", ["--shape=sessions", "--workers=2"], Ready),
        new("the same, and their labels are gone", ["--shape=sessions", "--workers=2", "--hides-labels"], Ready),
        new("forked twice, adopted by init", ["--shape=adopted"], Ready),
        new("the same, and its labels are gone", ["--shape=adopted", "--hides-labels"], Ready),
        new("dies at SIGTERM, its children serve on", ["--shape=survivors", "--workers=2"], Ready),
        new("children that go on serving, and their labels are gone", ["--shape=survivors", "--workers=2", "--hides-labels"], Ready),
        new("ignores every request to end", ["--stop=ignores"], Ready),
        new("waits for idle connections before it ends", ["--stop=waits-for-idle", "--stop-limit=1.5"], Ready),
        new("exits with code 1 when it is stopped", ["--stop=exit-1"], Ready),
        new("dies by SIGSEGV when it is stopped", ["--stop=segv"], Ready),
        new("writes to shared memory, HOME, TMPDIR and its folder", ["--leaves=shm,home,tmp,cwd"], Ready, Leaves),
        new("runs at a lower priority", ["--nice=10"], Ready),
        new("confines its threads to cores of its own choice", ["--own-affinity=0,1", "--work=2"], Ready),
        new("closes every connection after its answer", ["--close-after=answer"], Ready),
        new("closes connections after errors", ["--close-after=error", "--close-silently"], Ready),
        new("one bad item fails its whole batch", ["--batch-window=30", "--bad-item=whole-batch"], Ready),
        new("one bad item fails alone", ["--batch-window=30", "--bad-item=alone"], Ready),
    ];

    /// <summary>What it does under load: the verdict is over the outcomes of its requests, as <c>outcome share</c> in their order.</summary>
    public static IReadOnlyList<Habit> UnderLoad { get; } =
    [
        new("503 for everything", ["--fail=503", .. Spared], "^rejected 100 %(, success 0 %)?$", Overload),
        new("503 for three in ten", ["--fail=503", "--fail-share=0.3", .. Spared], "^success (6[89]|7[0-2]) %, rejected (2[89]|3[0-2]) %$", Overload),
        new("503 for everything, of which nothing is said", ["--fail=503", .. Spared], "^5xx 100 %(, success 0 %)?$"),
        new("200 with an error inside", ["--fail=200", """--fail-body={"error":"the engine stopped"}""", .. Spared], "^failed-in-200 100 %(, success 0 %)?$", Inside),
        new("closes every connection after its answer, and says so", ["--close-after=answer"], "^success 100 %$"),
        new("closes every connection after its answer, silently", ["--close-after=answer", "--close-silently"], "^success 100 %$", ClosesAnswered),
        new("closes connections after the third request", ["--close-after=3"], "^success 100 %$"),
        new("closes connections after errors", ["--fail=503", "--fail-share=0.3", "--close-after=error", "--close-silently", .. Spared], "^success (6[89]|7[0-2]) %, rejected (2[89]|3[0-2]) %$", $"{Overload}\n{ClosesFailed}"),
    ];

    /// <summary>The references of the toy kind of work: they are answered, so that the load begins; under load they are few.</summary>
    private static string[] Spared => ["--spare=1", "--spare=21"];

    private const string Overload = """
        outcomes: [{ status: 503, body: { path: error.type, equals: overloaded }, means: rejected }]
        """;

    private const string Inside = """
        outcomes: [{ status: 200, body: { path: error }, means: failed }]
        """;

    private const string ClosesAnswered = """
        lifecycle:
          connections: { closes-after: answer }
        """;

    private const string ClosesFailed = """
        lifecycle:
          connections: { closes-after: error }
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
}
