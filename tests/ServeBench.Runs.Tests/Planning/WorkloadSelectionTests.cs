using ServeBench.Domain.Faults;
using ServeBench.Runs.Planning;
using ServeBench.Runs.Tests.Fakes;
using ServeBench.Work;

namespace ServeBench.Runs.Tests.Planning;

public sealed class WorkloadSelectionTests
{
    [Theory]
    [InlineData("alone", "--target=Models prepares it")]
    [InlineData("other", "It belongs to: others")]
    public void A_model_of_another_group_or_of_none_is_refused_with_what_can_be_done_with_it(string name, string remedy)
    {
        using var world = new World();
        var known = world.Repository.Catalogue(KnownWork.OfProgram, []);
        var alone = known.Models[0] with { Name = "alone", Groups = [] };
        var other = known.Models[0] with { Name = "other", Groups = ["others"] };
        var catalogue = known with { Models = [.. known.Models, alone, other] };
        var fault = Assert.Throws<FaultException>(() => WorkloadSelection.ModelsOf(catalogue, world.Request with { Models = [name] }, catalogue.Workloads)).Faults.Single();
        Assert.Equal($"{name} is not a model of group embeddings", fault.Problem);
        Assert.StartsWith(remedy, fault.Remedy.Replace("It belongs to no group yet: ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(name, WorkloadSelection.ModelsOf(catalogue, world.Request, catalogue.Workloads));
    }
}
