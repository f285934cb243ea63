using ServeBench.Domain.Stacks;
using ServeBench.Domain.Trials;
using ServeBench.Domain.Parity;
using ServeBench.Measurement.Results;

namespace ServeBench.Measurement.Evaluation;

/// <summary>
/// Compares the answers of stacks with each other (method.md, rule 5). Each may be near enough to the references and still
/// differ from another by twice the limit; and what only one of them does differently shows at once.
/// </summary>
internal static class ParityPairs
{
    public static IReadOnlyList<ParityPair> Of(RunManifest manifest, IReadOnlyList<DeploymentRecord> deployments)
    {
        string[] stacks = [.. manifest.Contenders.Select(c => Track.Label(c.Stack, c.Track)).Distinct()];
        var pairs = new List<ParityPair>();
        foreach (var model in manifest.Models.Select(m => m.Name))
        {
            var answers = stacks
                .Select(
                    stack => deployments
                        .Where(d => d.Model == model && Track.Label(d.Stack, d.Track) == stack)
                        .Select(Answers)
                        .OfType<float[]?[]>()
                        .ToArray())
                .ToArray();
            for (var first = 0; first < stacks.Length; first++)
            {
                for (var second = first; second < stacks.Length; second++)
                {
                    if (Compare(answers[first], answers[second], isSame: first == second) is { Compared: > 0 } pair)
                        pairs.Add(pair with { Model = model, First = stacks[first], Second = stacks[second] });
                }
            }
        }
        return pairs;
    }

    private static float[]?[]? Answers(DeploymentRecord deployment) =>
        deployment.Parity?.Answers is { } answers ? [.. answers.Select(a => a is null ? null : VectorText.Read(a))] : null;

    private static ParityPair Compare(float[]?[][] first, float[]?[][] second, bool isSame)
    {
        var (compared, difference, cosine) = (0, 0.0, 1.0);
        for (var f = 0; f < first.Length; f++)
        {
            for (var s = isSame ? f + 1 : 0; s < second.Length; s++)
            {
                foreach (var (left, right) in first[f].Zip(second[s]))
                {
                    if (left is null || right is null || left.Length != right.Length) continue;
                    compared++;
                    difference = Math.Max(difference, VectorDistance.Difference(left, right));
                    cosine = Math.Min(cosine, VectorDistance.Cosine(left, right));
                }
            }
        }
        return new ParityPair("", "", "", compared, Rounded.Of(difference), Rounded.Of(cosine));
    }
}
