using System.Diagnostics;
using ServeBench.Models.Store;
using ServeBench.OnnxServer.Scheduling;

namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Execution;

/// <summary>
/// Executes an image a few times before the first request is taken: the runtime lays out its memory, the code is compiled, and the time
/// shows what an image costs.
/// </summary>
internal static class ClassifierWarmUp
{
    private const int Rounds = 3;

    /// <param name="runners">Each is warmed; the first is timed.</param>
    /// <param name="input">What they take.</param>
    public static ExecutionCost Run(IReadOnlyList<IClassifierRunner> runners, ManifestImageInput input)
    {
        var image = new byte[input.Resize * input.Resize * 3];
        var seconds = double.MaxValue;
        for (var round = 0; round < Rounds; round++) seconds = Math.Min(seconds, Seconds(runners[0], input, image));
        foreach (var runner in runners.Skip(1)) Seconds(runner, input, image);
        return new ExecutionCost(seconds, 0);
    }

    private static double Seconds(IClassifierRunner runner, ManifestImageInput input, byte[] image)
    {
        if (!input.PreparesInside) runner.Pixels[..(3 * input.Size * input.Size)].Clear();
        var began = Stopwatch.GetTimestamp();
        if (input.PreparesInside) runner.Run(image, input.Resize, input.Resize, 0);
        else runner.Run(1);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
