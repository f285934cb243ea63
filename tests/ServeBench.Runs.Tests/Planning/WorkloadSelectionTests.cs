using ServeBench.Domain.Faults;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Tests.Fakes;
using ServeBench.Work;

namespace ServeBench.Runs.Tests.Planning;

public sealed class WorkloadSelectionTests
{
    [Fact]
    public void A_model_without_a_group_is_prepared_when_it_is_named_and_belongs_to_no_workload()
    {
        using var world = new World();
        var known = world.Repository.Catalogue(KnownWork.OfProgram, []);
        var alone = known.Models[0] with { Name = "alone", Groups = [] };
        var other = known.Models[0] with { Name = "other", Groups = ["others"] };
        var catalogue = known with { Models = [.. known.Models, alone, other] };
        var request = Request(["alone"]);
        Assert.Equal(["alone"], WorkloadSelection.ModelsOf(catalogue, request, catalogue.Workloads));
        Assert.Empty(WorkloadSelection.ModelsOf(catalogue, request, catalogue.Workloads[0]));
        Assert.DoesNotContain("alone", WorkloadSelection.ModelsOf(catalogue, Request(null), catalogue.Workloads));
        Assert.Contains("other is not a model of group", Assert.Throws<FaultException>(() => WorkloadSelection.ModelsOf(catalogue, Request(["other"]), catalogue.Workloads)).Message, StringComparison.Ordinal);
    }

    private static RunRequest Request(IReadOnlyList<string>? models) => new()
    {
        Group = "embeddings",
        Models = models,
        Stacks = null,
        Tracks = null,
        Workloads = null,
        Scenarios = null,
        Host = FakeHost.HostName,
        Profile = "quick",
        Trials = null,
        Weights = "seeded",
        Seed = 1,
        Force = false,
        Offline = true,
        RunsFolder = "",
        Command = "./build.sh",
    };
}
