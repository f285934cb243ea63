using ServeBench.Domain.Faults;

namespace ServeBench.Domain.Tests.Faults;

public class FaultTests
{
    [Fact]
    public void Reads_as_compilers_write_it() =>
        Assert.Equal("models/x/model.yaml:7: source.revision: 'main' is not a commit. Pin the commit.",
            new Fault("models/x/model.yaml", 7, "source.revision", "'main' is not a commit", "Pin the commit").ToString());

    [Fact]
    public void Leaves_out_what_is_not_known() => Assert.Equal("--group: it is empty.", new Fault("--group", null, null, "it is empty.").ToString());

    [Fact]
    public void A_list_throws_all_of_them_together()
    {
        var faults = new FaultList { new Fault("a", null, null, "one"), new Fault("b", null, null, "two") };
        var thrown = Assert.Throws<FaultException>(faults.ThrowIfAny);
        Assert.Equal(2, thrown.Faults.Count);
        Assert.Contains("one", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("two", thrown.Message, StringComparison.Ordinal);
        new FaultList().ThrowIfAny();
    }
}
