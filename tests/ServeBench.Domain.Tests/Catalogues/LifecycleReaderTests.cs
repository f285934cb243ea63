using ServeBench.Domain.Catalogues;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Stacks;
using ServeBench.Domain.Storage;
using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Tests.Catalogues;

/// <summary>Reads a stack's whole lifecycle and its outcome rules, then breaks them in one place at a time.</summary>
public sealed class LifecycleReaderTests : IDisposable
{
    private const string Head = """
        name: s1
        title: A stack
        summary: It serves.
        licence: MIT
        groups: [g1]
        protocols: [p1]
        model-format: onnx
        precision: fp32
        tracks: { default: { summary: as it comes } }
        complexity: { score: 2, why: one file }
        hosts: { process: {} }

        """;

    private const string Whole = """
        lifecycle:
          ready:
            probes:
              - { path: /v2/health/ready, status: [200, 204], body: { path: "models[0].state", equals: AVAILABLE }, timeout: 1500ms }
              - { endpoint: metrics, method: HEAD, path: /metrics, body: { text: [up, ready], without: loading } }
            interval: 100ms
            fatal: ["Application startup failed"]
          stop:
            steps:
              - { signal: SIGINT, to: child, named: "java.*ModelServer", wait: 5s }
              - { to: session }
            exit-codes: [0, 1]
          leaves: { folders: ["/tmp/s1"], shared-memory: ["^s1_"], files: ["/tmp/s1.key"] }
          listens: every-interface
          connections: { idle: 5s, closes-after: error, requests: 100 }
          caches:
            - { name: response cache, is: off, switch: "--cache-config=" }
          silence: { DO_NOT_TRACK: "True" }
        outcomes:
          - { status: 503, header: { retry-after: present, x-why: queue }, means: rejected }
          - { status: [503, 500], body: { path: error.code, equals: 7 }, means: client-fault }
          - { status: 503, means: failed }
          - { event: { path: error }, means: failed }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_lifecycle_is_read()
    {
        var stack = Read(Whole);
        var life = stack.Lifecycle;
        Assert.Equal(["GET /v2/health/ready", "HEAD /metrics"], life.Ready.Probes.Select(p => p.ToString()));
        Assert.Equal([200, 204], life.Ready.Probes[0].Status);
        Assert.Equal("models[0].state = AVAILABLE", life.Ready.Probes[0].Body!.ToString());
        Assert.Equal(TimeSpan.FromSeconds(1.5), life.Ready.Probes[0].Timeout);
        Assert.Equal("\"up\" or \"ready\", without \"loading\"", life.Ready.Probes[1].Body!.ToString());
        Assert.Equal((EndpointNames.Metrics, ReadyProbe.DefaultTimeout), (life.Ready.Probes[1].Endpoint, life.Ready.Probes[1].Timeout));
        Assert.Equal(TimeSpan.FromMilliseconds(100), life.Ready.Interval);
        Assert.Equal(["Application startup failed"], life.Ready.Fatal);
        Assert.Equal(
            [new StopStep("SIGINT", StopTarget.Child, "java.*ModelServer", TimeSpan.FromSeconds(5)), new StopStep("SIGTERM", StopTarget.Session, null, null)],
            life.Stop.Steps);
        Assert.Equal([0, 1], life.Stop.ExitCodes);
        Assert.Equal(("/tmp/s1", "^s1_", "/tmp/s1.key"), (life.Leaves.Folders[0], life.Leaves.SharedMemory[0], life.Leaves.Files[0]));
        Assert.Equal(ListeningHabit.EveryInterface, life.Listens);
        Assert.Equal(new ConnectionHabits(TimeSpan.FromSeconds(5), ClosesAfter.Error, 100), life.Connections);
        Assert.Equal(new CacheHabit("response cache", IsOn: false, "--cache-config="), Assert.Single(life.Caches));
        Assert.Equal("True", life.Silence["DO_NOT_TRACK"]);

        Assert.Equal(
            [OutcomeMeaning.Rejected, OutcomeMeaning.ClientFault, OutcomeMeaning.Failed, OutcomeMeaning.Failed],
            stack.OutcomeRules.Select(r => r.Means));
        Assert.Equal(
            [new HeaderCondition("retry-after", IsPresent: true, null), new HeaderCondition("x-why", IsPresent: true, "queue")],
            stack.OutcomeRules[0].Headers);
        Assert.Equal("error.code = 7", stack.OutcomeRules[1].Body!.ToString());
        Assert.Equal("error is there", stack.OutcomeRules[3].Event!.ToString());
    }

    [Fact]
    public void A_stack_that_says_nothing_has_the_habits_of_most()
    {
        var stack = Read("");
        Assert.Same(Lifecycle.Default, stack.Lifecycle);
        Assert.Empty(stack.OutcomeRules);
        Assert.Equal([new StopStep("SIGTERM", StopTarget.Main, null, null)], stack.Lifecycle.Stop.Steps);
        Assert.Equal([0, 143], stack.Lifecycle.Stop.ExitCodes);
    }

    [Theory]
    [InlineData("equals: AVAILABLE", "equals: READY")]
    [InlineData("interval: 100ms", "interval: 90ms")]
    [InlineData("startup failed", "start failed")]
    [InlineData("wait: 5s", "wait: 6s")]
    [InlineData("to: session", "to: group")]
    [InlineData("exit-codes: [0, 1]", "exit-codes: [0]")]
    [InlineData("^s1_", "^s2_")]
    [InlineData("listens: every-interface", "listens: loopback")]
    [InlineData("closes-after: error", "closes-after: nothing")]
    [InlineData("is: off", "is: on")]
    [InlineData("DO_NOT_TRACK: \"True\"", "DO_NOT_TRACK: \"False\"")]
    [InlineData("retry-after: present", "retry-after: absent")]
    [InlineData("equals: 7", "equals: 8")]
    [InlineData("{ status: 503, means: failed }", "{ status: 503, means: rejected }")]
    public void Each_of_it_decides_the_fingerprint(string good, string other)
    {
        var changed = Changed(good, other);
        Assert.NotEqual(CanonicalText.Of(Read(Whole), nameof(Stack.Hosts)), CanonicalText.Of(Read(changed), nameof(Stack.Hosts)));
    }

    [Theory]
    [InlineData("status: [200, 204]", "status: [200, 20]", "lifecycle.ready.probes[0].status", "'20' is not a whole number from 100 to 599")]
    [InlineData("path: /v2/health/ready", "path: v2", "lifecycle.ready.probes[0].path", "must begin with a slash")]
    [InlineData("path: \"models[0].state\"", "path: \"$.state\"", "lifecycle.ready.probes[0].body.path", "begins with $")]
    [InlineData("path: \"models[0].state\", equals", "equals", "lifecycle.ready.probes[0].body.equals", "nothing says what must be equal")]
    [InlineData("path: \"models[0].state\"", "path: \"models[x]\"", "lifecycle.ready.probes[0].body.path", "neither * nor a number")]
    [InlineData("{ text: [up, ready], without: loading }", "{}", "lifecycle.ready.probes[1].body", "says nothing")]
    [InlineData("timeout: 1500ms", "timeout: 1500", "lifecycle.ready.probes[0].timeout", "is not a duration")]
    [InlineData("timeout: 1500ms", "time-out: 1s", "lifecycle.ready.probes[0].time-out", "this key is not known here")]
    [InlineData("endpoint: metrics", "endpoint: metric", "lifecycle.ready.probes[1].endpoint", "'metric' is not known here")]
    [InlineData("Application startup failed", "Application (startup", "lifecycle.ready.fatal", "is not a regular expression")]
    [InlineData("signal: SIGINT", "signal: SIGITN", "lifecycle.stop.steps[0].signal", "'SIGITN' is not known here")]
    [InlineData("to: child", "to: main", "lifecycle.stop.steps[0].named", "only children are chosen by name")]
    [InlineData("java.*ModelServer", "java(", "lifecycle.stop.steps[0].named", "is not a regular expression")]
    [InlineData("exit-codes: [0, 1]", "exit-codes: [0, 256]", "lifecycle.stop.exit-codes", "not a whole number from 0 to 255")]
    [InlineData("folders: [\"/tmp/s1\"]", "folders: [\"${tmp}/s1\"]", "lifecycle.leaves.folders", "the process host has no placeholder ${tmp}")]
    [InlineData("^s1_", "s1[", "lifecycle.leaves.shared-memory", "is not a regular expression")]
    [InlineData("listens: every-interface", "listens: everywhere", "lifecycle.listens", "'everywhere' is not known here")]
    [InlineData("idle: 5s, closes-after: error", "idle: 5s, closes-after: answer", "lifecycle.connections.closes-after", "has no idle connections")]
    [InlineData("is: off", "is: no", "lifecycle.caches[0].is", "'no' is not known here")]
    [InlineData("DO_NOT_TRACK: \"True\"", "DO_NOT_TRACK: \"${yes}\"", "lifecycle.silence", "the process host has no placeholder ${yes}")]
    [InlineData("silence:", "silent:", "lifecycle.silent", "this key is not known here")]
    [InlineData("means: rejected", "means: refused", "outcomes[0].means", "'refused' is not known here")]
    [InlineData("status: 503, means: failed", "status: 200, means: failed", "outcomes[2].status", "with status 200 alone, no answer would be a success")]
    [InlineData("status: 503, means: failed", "status: 50, means: failed", "outcomes[2].status", "50 is neither a status of HTTP, 100 to 599, nor of a gRPC call that failed, 1 to 16")]
    [InlineData("{ event: { path: error }", "{ status: 200, event: { path: error }", "outcomes[3].status", "says nothing of the answer around it")]
    [InlineData("{ event: { path: error }", "{ status: [500, 503]", "outcomes[3].status", "a rule above this one takes every answer of status 503")]
    [InlineData("{ retry-after: present, x-why: queue }", "{}", "outcomes[0].header", "no header is named")]
    public void A_fault_is_found_with_line_key_and_reason(string good, string bad, string key, string problem)
    {
        var fault = Assert.Single(Assert.Throws<FaultException>(() => Read(Changed(good, bad))).Faults);
        Assert.Equal(key, fault.Key);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.True(fault.Line > Head.Count(c => c == '\n'), $"line {fault.Line}");
    }

    private static string Changed(string good, string other)
    {
        Assert.Contains(good, Whole, StringComparison.Ordinal);
        return Whole.Replace(good, other, StringComparison.Ordinal);
    }

    private Stack Read(string sections)
    {
        var faults = new FaultList();
        var file = YamlFile.Read(_folder.File("stack.yaml", Head + sections), "stack.yaml", faults)!;
        var stack = StackReader.Read(file, "/stacks/s1", new CatalogueVocabulary([new AnySection("process")], [], []));
        faults.ThrowIfAny();
        return stack;
    }
}
