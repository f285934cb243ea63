using System.Diagnostics;
using System.Globalization;
using System.Text;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Measurements;

/// <summary>
/// How fast English text is tokenised by one thread, in megabytes of UTF-8; explicit, for a quiet machine.
/// <code>ServeBench.Models.Tests -explicit only -class ServeBench.Models.Tests.Measurements.TokenizerSpeed -showLiveOutput</code>
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class TokenizerSpeed(PreparedMiniLm model)
{
    [Fact(Explicit = true)]
    public void On_the_corpus()
    {
        var corpus = File.ReadAllText(Path.Combine(Repository.Root, "k6", "data", "moby-dick.txt"));
        var paragraphs = corpus.Split("\n\n").Where(p => p.Length > 0).ToArray();
        var megabytes = paragraphs.Sum(Encoding.UTF8.GetByteCount) / 1e6;
        var (times, tokens, allocated) = (new List<double>(), 0L, 0L);
        for (var round = 0; round < 40; round++)
        {
            var (start, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            tokens = 0;
            // Counting goes over the whole text, where encoding stops at the limit.
            foreach (var paragraph in paragraphs) tokens += model.Tokenizer.CountTokens(paragraph);
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        var time = times.Order().ElementAt(times.Count / 4);
        Assert.Equal(0, allocated);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{megabytes / time:0.0} MB/s, {tokens / time / 1e6:0.0} million tokens/s, {allocated} bytes allocated, over {megabytes:0.00} MB of English"));
    }
}
