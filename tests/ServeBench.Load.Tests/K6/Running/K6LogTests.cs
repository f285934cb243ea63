using ServeBench.Load.K6.Running;
using ServeBench.Load.Tests.K6.Results;

namespace ServeBench.Load.Tests.K6.Running;

public sealed class K6LogTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("1.8.1")]
    [InlineData("2.2.0")]
    public void What_a_script_has_said_is_read(string version)
    {
        var log = new K6Log(RecordedCase.File($"closed-{version}.log"));
        log.ReadOn();
        Assert.Equal([200, 200], log.Answers.Select(a => a.Status));
        Assert.All(log.Answers, a => Assert.StartsWith("{\"object\":\"list\"", System.Text.Encoding.UTF8.GetString(a.Body), StringComparison.Ordinal));
        Assert.Empty(log.Errors);
        // The raw output knows it to the microsecond, the log to the millisecond.
        Assert.InRange(log.TestStart!.Value - RecordedCase.Read($"closed-{version}.csv.gz").TestStart, -20_000_000, 20_000_000);
    }

    [Theory]
    [InlineData("1.8.1")]
    [InlineData("2.2.0")]
    public void Exceptions_are_counted_and_told_once(string version)
    {
        var log = new K6Log(RecordedCase.File($"throws-{version}.log"));
        log.ReadOn();
        Assert.InRange(log.Exceptions, 10, 500);
        Assert.StartsWith("TypeError: planted by hand at send (", log.Errors[0], StringComparison.Ordinal);
        Assert.InRange(log.Errors.Count, 1, 3);
    }

    [Fact]
    public void A_line_counts_when_it_is_whole()
    {
        var log = new K6Log(_file);
        File.WriteAllText(_file, """{"level":"info","source":"console","msg":"{\"phase\":\"warmup\",\"clo""");
        log.ReadOn();
        Assert.Null(log.TestStart);
        File.AppendAllText(_file, """ck\":0.5,\"wall\":1000}"}""" + "\npanic: runtime error\n");
        log.ReadOn();
        log.ReadOn();
        Assert.Equal(999_500_000, log.TestStart);
        Assert.Equal(["panic: runtime error"], log.Errors);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(99, null)]
    [InlineData(104, "does not accept the options")]
    [InlineData(105, "a signal ended it")]
    [InlineData(107, "the script threw")]
    [InlineData(109, "panicked")]
    [InlineData(-1, "it failed")]
    public void An_exit_code_has_words(int code, string? words)
    {
        var failure = K6Exit.Failure(code, ["TypeError: x"], "/run/k6.log");
        if (words is null)
        {
            Assert.Null(failure);
            return;
        }
        Assert.Contains($"k6 ended with code {code}: ", failure!.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Contains("TypeError: x", failure.Message, StringComparison.Ordinal);
        Assert.NotEqual("", failure.Remedy);
    }
}
