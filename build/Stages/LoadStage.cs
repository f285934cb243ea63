using ServeBench.Build.Composition;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Progress;
using ServeBench.Domain.Wording;
using ServeBench.Runs;

namespace ServeBench.Build.Stages;

/// <summary>Measures, and says what was measured and what was reused.</summary>
internal static class LoadStage
{
    public static async Task RunAsync(BuildContext context)
    {
        foreach (var session in context.Sessions)
        {
            var outcome = await session.LoadAsync(context.Cancelled);
            context.Loaded.Add(outcome.Folder);
            context.Screen.Say(Summary(outcome));
            if (outcome.Summary.Failed > 0 || session.SomeUnprepared) context.Outcome.SomeInvalid();
            if (outcome.Summary is { Measured: 0, Reused: 0 })
                throw new RunFailedException(
                    "no stack could be measured", "The warnings above say why for each; --target=Verify tries them again without load");
        }
    }

    private static string Summary(LoadOutcome outcome)
    {
        var (measured, reused, failed) = outcome.Summary;
        if (outcome.Untouched)
            return $"Nothing has changed: of {outcome.Folder.Id}, "
                + $"{Plural.Of(reused, "result")} {Plural.Verb(reused, "was", "were")} reused, "
                + $"measured {AgeOf(outcome)} ago (--force measures again)";
        var parts = new List<string> { $"{Plural.Of(measured, "case")} measured" };
        if (reused > 0) parts.Add($"{reused} reused, measured {AgeOf(outcome)} ago");
        if (failed > 0) parts.Add($"{failed} not measured");
        return $"{outcome.Folder.Id}: {string.Join("; ", parts)}";
    }

    private static string AgeOf(LoadOutcome outcome) =>
        outcome.Reused is { } ages ? AgeText.Of(ages.Youngest, ages.Oldest) : "an unknown time";
}
