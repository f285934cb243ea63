using ServeBench.Hosts.Machine;

namespace ServeBench.Hosts.Tests.Machine;

public sealed class MachineReaderTests
{
    [Theory]
    [InlineData(false, "fpu sse2", null)]
    [InlineData(false, "fpu hypervisor sse2", "virtual machine")]
    [InlineData(true, "fpu sse2", "container")]
    [InlineData(true, "fpu hypervisor sse2", "virtual machine, with a container's mark")]
    [InlineData(false, "", null)]
    public void A_container_and_a_virtual_machine_are_told_apart(bool container, string flags, string? kind) =>
        Assert.Equal(kind, MachineReader.Virtualisation(container, flags));
}
