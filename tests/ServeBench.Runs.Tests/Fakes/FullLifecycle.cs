using ServeBench.Domain.Protocols;
using ServeBench.Domain.Stacks;

namespace ServeBench.Runs.Tests.Fakes;

/// <summary>A lifecycle and outcome rules in which nothing is absent and no list is empty, so that all of it can be changed.</summary>
internal static class FullLifecycle
{
    public static IReadOnlyList<OutcomeRule> Rules { get; } =
        [new([503], [new HeaderCondition("retry-after", IsPresent: true, "1")], Body(), Body(), OutcomeMeaning.Rejected)];

    public static Lifecycle Of(IReadOnlyDictionary<string, string> map, IReadOnlyList<string> list) => new(
        new ReadyCondition(
            [new ReadyProbe(EndpointNames.Http, "GET", "/health", [200], Body(), TimeSpan.FromSeconds(1))], TimeSpan.FromSeconds(1), list),
        new StopRecipe([new StopStep("SIGINT", StopTarget.Child, "java", TimeSpan.FromSeconds(1))], [0, 1]),
        new Leftovers(list, list, list),
        ListeningHabit.Loopback,
        new ConnectionHabits(TimeSpan.FromSeconds(5), ClosesAfter.Error, 100),
        [new CacheHabit("answers", IsOn: false, "--cache")],
        map);

    private static BodyCondition Body() => new(JsonPath.TryParse("status", out _), "ready", ["ready", "up"], ["loading"]);
}
