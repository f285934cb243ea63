using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using ServeBench.Domain.Faults;
using ServeBench.OnnxServer.Pipelines.Generation.Execution;
using ServeBench.OnnxServer.Scheduling;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Generation;

/// <summary>Who is given a token when, over HTTP, with a model that answers wrongly where a slot is not what it should be.</summary>
public sealed class GenerationLoopTests(TinyGenerator model) : IClassFixture<TinyGenerator>
{
    [Fact]
    public async Task Sequences_join_and_leave_between_steps_and_none_notices()
    {
        await using var server = await FakeServer.StartAsync(model, 4, "--prompt-part=5");
        var random = new Random(7);
        var asked = Enumerable.Range(0, 40).Select(_ => (Prompt: Drawn(random, 1 + random.Next(30)), Tokens: 1 + random.Next(40))).ToArray();
        await Task.WhenAll(asked.Select(async a =>
        {
            using var stream = await server.StreamAsync(a.Prompt, a.Tokens);
            Assert.Equal(model.Tokenizer.Decode([.. FakeSlots.Continue(a.Prompt, a.Tokens)]), await stream.TextAsync());
        }));
        Assert.Contains("S4", server.Slots.Calls);
        Assert.DoesNotContain(server.Slots.Calls, c => c[0] == 'P' && int.Parse(c[1..]) > 5);
        await server.UntilAsync("servebench_sequences_running", 0);
        await server.UntilAsync("servebench_generated_tokens_total", asked.Sum(a => a.Tokens));
        await server.UntilAsync("servebench_prompt_tokens_total", asked.Sum(a => a.Prompt.Length));
    }

    [Fact]
    public async Task A_long_prompt_does_not_stall_those_who_are_being_continued()
    {
        await using var server = await FakeServer.StartAsync(model, 4, "--prompt-part=10");
        server.Close();
        var first = server.StreamAsync([1, 2, 3], 20);
        server.Slots.Began.Wait(TestContext.Current.CancellationToken);
        var second = server.StreamAsync(Drawn(new Random(1), 45), 3);
        await server.UntilAsync("servebench_sequences_waiting", 1);
        server.Slots.Gate.Set();
        using var one = await first;
        using var two = await second;
        await one.RestAsync();
        await two.RestAsync();
        Assert.Equal(["P3", "S1", "P10", "S1", "P10", "S1", "P10", "S1", "P10", "S1", "P5", "S2", "S2", "S1"], server.Slots.Calls.Take(14));
    }

    [Fact]
    public async Task One_after_the_other_is_a_mode_of_its_own()
    {
        await using var server = await RunningServer.StartAsync(model.Folder, "--batching=none");
        await using var other = await RunningServer.StartAsync(model.Folder, "--max-sequences=1");
        foreach (var one in new[] { server, other })
            Assert.Contains($"servebench_slots{{model=\"{TinyGenerator.Name}\"}} 1", await one.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 2)]
    public async Task Who_comes_first_is_served_first(int slots, int rounds)
    {
        await using var server = await FakeServer.StartAsync(model, slots);
        server.Close();
        var waiting = new List<Task<TokenStream>>();
        for (var i = 0; i < slots * rounds; i++)
        {
            waiting.Add(server.StreamAsync([.. Enumerable.Repeat(5, i + 1)], 2));
            if (i == 0) server.Slots.Began.Wait(TestContext.Current.CancellationToken);
            else await server.UntilAsync("servebench_sequences_waiting", i);
        }
        server.Slots.Gate.Set();
        foreach (var stream in waiting)
        {
            using var one = await stream;
            await one.RestAsync();
        }
        Assert.Equal(Enumerable.Range(1, slots * rounds).Select(i => $"P{i}"), server.Slots.Calls.Where(c => c[0] == 'P'));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(100)]
    public async Task A_client_that_leaves_frees_its_slot(int prompt)
    {
        await using var server = await FakeServer.StartAsync(model, 2, "--prompt-part=4");
        server.Slots.OnCall = _ => Thread.Sleep(10);
        var body = $$"""{"prompt":[{{string.Join(',', Drawn(new Random(3), prompt))}}],"max_tokens":120,"ignore_eos":true,"stream":true}""";
        using (var leaving = await RawConnection.OpenAsync(server.Server.Client.BaseAddress!))
        {
            await leaving.SendAsync($"POST {FakeServer.Path} HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            if (prompt < 10) await leaving.ReadStatusLineAsync(TimeSpan.FromSeconds(30));
            else await server.UntilAsync("servebench_sequences_running", 1);
        }
        await server.UntilAsync("servebench_sequences_cancelled_total", 1);
        await server.UntilAsync("servebench_sequences_running", 0);
        Assert.InRange(server.Slots.Calls.Count, 1, 24);
        await Eventually.HoldsAsync(async () => await CountAsync(server, "cancelled") == 1, "the request is counted as cancelled");
        Assert.Equal(200, (await server.PostAsync([1], 3)).Status);
    }

    [Theory]
    [InlineData("P4", 1)]
    [InlineData("S1", 4)]
    public async Task A_request_that_is_withdrawn_is_given_up_before_the_next_call(string during, int calls)
    {
        using var slots = new FakeSlots(2, TinyGenerator.Positions);
        var options = RunningServer.Options($"--model={model.Folder}", "--prompt-part=4");
        using var served = new GenerationModel("fake", model.Manifest, model.Tokenizer, slots, options, TimeProvider.System, NullLogger.Instance, slots);
        slots.Forget();
        var request = new GenerationRequest();
        served.Add(request, Drawn(new Random(1), 12), new GenerationSettings());
        slots.OnCall = call =>
        {
            if (call == during) request.Withdraw();
        };
        Assert.True(request.TryQueue(served.Queue));
        Assert.Equal(InferenceOutcome.Cancelled, await request.Completion);
        Assert.Equal(calls, slots.Calls.Count);
        Assert.Equal(1, served.Counts.Cancelled);
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_waits_is_never_executed()
    {
        await using var server = await FakeServer.StartAsync(model, 1);
        server.Close();
        var first = server.StreamAsync([1], 2);
        server.Slots.Began.Wait(TestContext.Current.CancellationToken);
        using var leaving = new CancellationTokenSource();
        using var content = new StringContent("""{"prompt":[1,2,3]}""");
        var second = server.Server.Client.PostAsync(FakeServer.Path, content, leaving.Token);
        await server.UntilAsync("servebench_sequences_waiting", 1);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await server.UntilAsync("servebench_sequences_waiting", 0);
        server.Slots.Gate.Set();
        using var one = await first;
        await one.RestAsync();
        Assert.Equal(["P1", "S1"], server.Slots.Calls);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_says_when_to_come_back()
    {
        await using var server = await FakeServer.StartAsync(model, 1, "--max-queue=1");
        server.Close();
        var first = server.StreamAsync([1], 2);
        server.Slots.Began.Wait(TestContext.Current.CancellationToken);
        var second = server.StreamAsync([2], 2);
        await server.UntilAsync("servebench_sequences_waiting", 1);
        using var refused = await server.StreamAsync([3], 2);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.NotNull(refused.Response.Headers.RetryAfter);
        Assert.Equal("application/json", refused.Response.Content.Headers.ContentType!.MediaType);
        server.Slots.Gate.Set();
        foreach (var taken in new[] { first, second })
        {
            using var stream = await taken;
            await stream.RestAsync();
        }
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_so_even_while_all_slots_are_taken()
    {
        await using var server = await FakeServer.StartAsync(model, 1, "--timeout=5s");
        using var first = await BeginAsync(server);
        var second = server.PostAsync([2], 2);
        await server.UntilAsync("servebench_sequences_waiting", 1);
        server.Clock.Advance(TimeSpan.FromSeconds(6));
        server.Slots.Gate.Set();
        Assert.Equal(504, (await second).Status);
        Assert.DoesNotContain("S2", server.Slots.Calls);
        await first.RestAsync();
    }

    [Fact]
    public async Task Streams_that_were_begun_are_finished_at_the_end_and_new_ones_refused()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        server.Close();
        var begun = server.StreamAsync([1, 2], 30);
        server.Slots.Began.Wait(TestContext.Current.CancellationToken);
        var ending = server.Server.StopAsync();
        using var late = await server.StreamAsync([3], 2);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.Status);
        server.Slots.Gate.Set();
        using var stream = await begun;
        Assert.Equal(model.Tokenizer.Decode([.. FakeSlots.Continue([1, 2], 30)]), await stream.TextAsync());
        await ending;
    }

    [Fact]
    public async Task A_reader_that_does_not_read_stalls_nobody()
    {
        await using var server = await FakeServer.StartAsync(model, 4);
        // Some megabytes of events, more than what lies between the server and a client that does not read.
        const int Prompts = 400;
        var body = $$"""{"prompt":[{{string.Join(',', Enumerable.Repeat("[1]", Prompts))}}],"max_tokens":120,"ignore_eos":true,"stream":true}""";
        using var slow = await RawConnection.OpenAsync(server.Server.Client.BaseAddress!);
        await slow.SendAsync($"POST {FakeServer.Path} HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await server.UntilAsync("servebench_generated_tokens_total", Prompts * 120);
        await server.UntilAsync("servebench_sequences_running", 0);
        using var quick = await server.StreamAsync([3, 4], 100);
        Assert.Equal(model.Tokenizer.Decode([.. FakeSlots.Continue([3, 4], 100)]), await quick.TextAsync());
        slow.Reset();
        await Eventually.HoldsAsync(async () => await CountAsync(server, "cancelled") == 1, "the request is counted as cancelled");
    }

    [Fact]
    public async Task A_failure_of_one_sequence_is_that_sequences_alone()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        server.Close();
        var well = server.StreamAsync([1, 2], 6);
        server.Slots.Began.Wait(TestContext.Current.CancellationToken);
        var ill = server.StreamAsync([3, 4], 6);
        await server.UntilAsync("servebench_sequences_waiting", 1);
        var steps = 0;
        // The first step of both fails, then the step of the second of them alone, which is tried first.
        server.Slots.OnCall = call =>
        {
            if (call == "S2" || (call == "P1" && steps++ == 0)) throw new RunFailedException("planted");
        };
        server.Slots.Gate.Set();
        using var one = await well;
        using var two = await ill;
        Assert.Equal(model.Tokenizer.Decode([.. FakeSlots.Continue([1, 2], 6)]), await one.TextAsync());
        var last = (await two.RestAsync())[^1];
        Assert.Equal("server_error", last.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(1, await CountAsync(server, "failed"));
    }

    [Fact]
    public async Task What_breaks_the_loop_ends_its_sequences_and_not_the_server()
    {
        await using var server = await FakeServer.StartAsync(model, 2);
        server.Slots.OnCall = _ => throw new InvalidOperationException("planted");
        Assert.Equal(500, (await server.PostAsync([1, 2], 6)).Status);
        server.Slots.OnCall = _ => { };
        Assert.Equal(200, (await server.PostAsync([1, 2], 6)).Status);
    }

    private static async Task<TokenStream> BeginAsync(FakeServer server)
    {
        // The call after the first step waits.
        server.Slots.OnCall = call =>
        {
            if (call == "S1") server.Close();
        };
        var stream = await server.StreamAsync([1], 100);
        await stream.NextAsync();
        await server.UntilAsync("servebench_generated_tokens_total", 2);
        server.Slots.OnCall = _ => { };
        return stream;
    }

    private static async Task<long> CountAsync(FakeServer server, string outcome) =>
        (await server.Server.Client.GetStringAsync("/metrics")).Split('\n').Where(l => l.Contains($"outcome=\"{outcome}\"", StringComparison.Ordinal)).Sum(l => long.Parse(l.Split(' ')[1]));

    private static int[] Drawn(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(1000))];
}
