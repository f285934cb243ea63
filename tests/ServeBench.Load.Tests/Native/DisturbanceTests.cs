using ServeBench.Domain.Samples;
using ServeBench.Load.Native;

namespace ServeBench.Load.Tests.Native;

public sealed class DisturbanceTests
{
    [Theory]
    [InlineData("", "", null)]
    [InlineData("100s 200s 300s", "x", null)]
    [InlineData("100s 200t 300e 400t", "", null)]
    [InlineData("100s 200d 300s", "reset", null)]
    [InlineData("100s 200s 300d", "", null)]
    [InlineData("100s 200d 300d", "reset", "the server stopped answering 0.100 s into the window (0 connections refused, 2 broken; last error: reset)")]
    [InlineData("100s 200d 250r 300r", "refused", "the server stopped answering 0.100 s into the window (2 connections refused, 1 broken; last error: refused)")]
    [InlineData("100r 200d", "", "the server answered nothing in the window (1 connection refused, 1 broken)")]
    [InlineData("100s 200r 250r 300s", "refused", "the server refused 2 connections between 0.200 s and 0.250 s of the window; last error: refused")]
    public void Tells_a_server_that_went_away_from_requests_that_failed(string samples, string error, string? expected)
    {
        var table = new SampleTable();
        foreach (var one in samples.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var last = long.Parse(one[..^1]) * 1_000_000;
            var outcome = one[^1] switch
            {
                's' => Outcome.Success,
                't' => Outcome.Timeout,
                'd' => Outcome.Disconnected,
                'r' => Outcome.Refused,
                _ => Outcome.ServerError,
            };
            table.Add(new Sample(last - 1, last, last, last, outcome, 0, 1, 0, 0));
        }
        Assert.Equal(expected, Disturbance.Of(table, error));
    }
}
