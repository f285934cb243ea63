namespace ServeBench.Hosts.Tests;

public class CorePlanTests
{
    [Fact]
    public void Two_cores_are_one_each() => AssertPlan([0], [1], Divide(2, threadsPerCore: 1));

    [Fact]
    public void The_client_gets_one_core_of_a_small_machine() => AssertPlan([0, 1, 2], [3], Divide(4, threadsPerCore: 1));

    [Fact]
    public void The_client_gets_an_eighth_of_a_large_machine() => AssertPlan(Enumerable.Range(0, 28), Enumerable.Range(28, 4), Divide(32, threadsPerCore: 1));

    [Fact]
    public void Hardware_threads_of_one_core_stay_on_one_side()
    {
        // Four cores of two threads: 0 and 4 are one core, 1 and 5 the next, as Linux numbers them.
        var plan = CorePlan.Divide([.. Enumerable.Range(0, 8)], cpu => [cpu % 4, (cpu % 4) + 4]);
        AssertPlan([0, 4, 1, 5, 2, 6], [3, 7], plan);
    }

    [Fact]
    public void One_core_with_two_threads_is_divided_between_them() => AssertPlan([0], [1], Divide(2, threadsPerCore: 2));

    [Fact]
    public void A_single_processor_is_shared_and_the_plan_says_so()
    {
        var plan = Divide(1, threadsPerCore: 1);
        AssertPlan([0], [0], plan);
        Assert.True(plan.Shared);
    }

    [Fact]
    public void Only_what_may_be_used_is_divided() => AssertPlan([2], [5], CorePlan.Divide([2, 5], cpu => [cpu]));

    private static CorePlan Divide(int cpus, int threadsPerCore) =>
        CorePlan.Divide([.. Enumerable.Range(0, cpus)], cpu => [.. Enumerable.Range(cpu / threadsPerCore * threadsPerCore, threadsPerCore)]);

    private static void AssertPlan(IEnumerable<int> server, IEnumerable<int> client, CorePlan plan)
    {
        Assert.Equal(server, plan.Server);
        Assert.Equal(client, plan.Client);
    }
}
