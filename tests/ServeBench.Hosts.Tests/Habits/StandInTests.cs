using System.Net;
using System.Net.Http.Json;

namespace ServeBench.Hosts.Tests.Habits;

/// <summary>The stand-in has the habits that it is asked for: tests of the pipeline stand on it.</summary>
[Lane("slow")]
public class StandInTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("404:0.5,503:0.5,ready", HttpStatusCode.NotFound, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK)]
    [InlineData("400:0.5,early:0.5,unhealthy", HttpStatusCode.BadRequest, HttpStatusCode.OK)]
    public async Task Its_health_goes_through_the_phases(string phases, params HttpStatusCode[] health)
    {
        StandIn.SkipWhereMissing();
        using var server = StandIn.Start($"--phases={phases}");
        foreach (var status in health) await server.UntilHealthAsync(status, Cancelled);
    }

    [Theory]
    [InlineData("wrapper", true)]
    [InlineData("survivors", true)]
    [InlineData("adopted", true)]
    [InlineData("sessions", false)]
    [InlineData("plain", false)]
    public async Task After_SIGTERM_to_the_main_process_some_shapes_go_on_answering(string shape, bool goesOn)
    {
        StandIn.SkipWhereMissing();
        using var server = StandIn.Start($"--shape={shape}", "--workers=2");
        await server.UntilHealthAsync(HttpStatusCode.OK, Cancelled);
        Assert.Equal(shape == "plain" ? 1 : 3, server.Alive.Count);
        System.Diagnostics.Process.Start("/bin/kill", ["-TERM", $"{server.Main}"]).WaitForExit();
        for (var tries = 0; goesOn ? tries < 20 : server.Alive.Count > 0; tries++)
        {
            Assert.True(tries < 500, "it did not end");
            await Task.Delay(20, Cancelled);
        }
        if (!goesOn) return;
        await server.UntilHealthAsync(HttpStatusCode.OK, Cancelled);
        Assert.Equal(shape == "wrapper" ? 3 : 2, server.Alive.Count);
    }

    [Fact]
    public async Task A_share_of_its_answers_fails_evenly()
    {
        StandIn.SkipWhereMissing();
        using var server = StandIn.Start("--fail=503", "--fail-share=0.25", "--fail-after=2", "--fail-header=Retry-After: 1");
        await server.UntilHealthAsync(HttpStatusCode.OK, Cancelled);
        using var client = new HttpClient();
        var failed = new List<int>();
        for (var i = 1; i <= 10; i++)
        {
            var answer = await client.PostAsJsonAsync($"http://{server.Endpoint}/v1/embeddings", new { of = 21 }, Cancelled);
            if (answer.IsSuccessStatusCode) Assert.Contains("[[42]]", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
            else failed.Add(i);
        }
        Assert.Equal([6, 10], failed);
    }

    [Theory]
    [InlineData("alone", 3)]
    [InlineData("whole-batch", 0)]
    public async Task One_bad_item_fails_alone_or_with_its_batch(string bad, int answered)
    {
        StandIn.SkipWhereMissing();
        using var server = StandIn.Start("--batch-window=200", $"--bad-item={bad}");
        await server.UntilHealthAsync(HttpStatusCode.OK, Cancelled);
        using var client = new HttpClient();
        var answers = await Task.WhenAll(new[] { "a", "b", "", "c" }.Select(text => client.PostAsJsonAsync($"http://{server.Endpoint}/v1/embeddings", new { input = new[] { text } }, Cancelled)));
        Assert.Equal(answered, answers.Count(a => a.IsSuccessStatusCode));
    }
}
