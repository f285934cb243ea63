using System.Diagnostics;

namespace ServeBench.OnnxServer.Pipelines.Generation.Execution;

/// <summary>What a sequence costs, in tokens that are generated one at a time: what is told to those who come while others wait.</summary>
/// <param name="SecondsPerToken">Seconds that a token takes which is generated alone.</param>
/// <param name="PromptTokens">So many tokens of a prompt are read meanwhile.</param>
internal readonly record struct GenerationCost(double SecondsPerToken, int PromptTokens)
{
    private const int Rounds = 3;

    /// <param name="prompt">Tokens of a prompt.</param>
    /// <param name="generated">Tokens that follow.</param>
    public int Of(int prompt, int generated) => Math.Max(1, (prompt / PromptTokens) + generated);

    /// <summary>
    /// Reads a prompt and generates a few tokens before the first request is taken: the runtime lays out its memory, the code is
    /// compiled, and the times show what a prompt costs.
    /// </summary>
    /// <param name="model">Its slots are free.</param>
    /// <param name="token">Any token.</param>
    /// <param name="part">Tokens of a part.</param>
    public static GenerationCost Measure(ISlotModel model, int token, int part)
    {
        int[] prompt = [.. Enumerable.Repeat(token, Math.Min(part, model.Capacity / 2))];
        var (reading, stepping) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            model.Part(0, prompt, 0, asks: true);
            var read = Stopwatch.GetTimestamp();
            model.Step([token], [prompt.Length]);
            reading = Math.Min(reading, Stopwatch.GetElapsedTime(began, read).TotalSeconds);
            stepping = Math.Min(stepping, Stopwatch.GetElapsedTime(read).TotalSeconds);
        }
        return new GenerationCost(stepping, Math.Max(1, (int)(stepping * prompt.Length / reading)));
    }
}
