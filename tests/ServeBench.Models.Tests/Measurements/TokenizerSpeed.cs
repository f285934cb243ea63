using System.Globalization;
using System.Text;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Measurements;

/// <summary>
/// How fast English text is tokenised by one thread, in megabytes of UTF-8 per second of processor time; explicit, to be run alone.
/// <code>ServeBench.Models.Tests -explicit only -class ServeBench.Models.Tests.Measurements.TokenizerSpeed -showLiveOutput</code>
/// </summary>
[Collection(OneAtATime.Name)]
public sealed class TokenizerSpeed(PreparedMiniLm model)
{
    /// <summary>Over the corpus, so that a round is long enough for the system's accounting of processor time.</summary>
    private const int Passes = 40;

    [Fact(Explicit = true)]
    public void On_the_corpus()
    {
        var corpus = File.ReadAllText(Path.Combine(Repository.Root, "k6", "data", "moby-dick.txt"));
        var paragraphs = corpus.Split("\n\n").Where(p => p.Length > 0).ToArray();
        var megabytes = paragraphs.Sum(Encoding.UTF8.GetByteCount) / 1e6;
        var (times, tokens, allocated) = (new List<double>(), 0L, 0L);
        for (var round = 0; round < 20; round++)
        {
            var (start, before) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread());
            tokens = 0;
            for (var pass = 0; pass < Passes; pass++)
            {
                // Counting goes over the whole text, where encoding stops at the limit.
                foreach (var paragraph in paragraphs) tokens += model.Tokenizer.CountTokens(paragraph);
            }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            times.Add((Environment.CpuUsage.TotalTime - start).TotalSeconds);
        }
        var time = times.Order().ElementAt(times.Count / 4);
        Assert.Equal(0, allocated);
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Passes * megabytes / time:0.0} MB/s, {tokens / time / 1e6:0.0} million tokens/s, {allocated} bytes allocated, over {megabytes:0.00} MB of English"));
    }
}
