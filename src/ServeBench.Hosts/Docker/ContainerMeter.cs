using ServeBench.Hosts.Engines;
using ServeBench.Hosts.Telemetry;
using ServeBench.Processes.Commands;

namespace ServeBench.Hosts.Docker;

/// <summary>What reads the use of a container: the kernel's files on this machine, the engine's figures on another.</summary>
internal static class ContainerMeter
{
    public static IUsageMeter Of(
        ICommandRunner commands, DockerEngine engine, Container container, ContainerSpec spec, SshTunnel? tunnel)
    {
        if (container.ProcessId == 0) return new NoMeter(spec.Cpus, "the container had ended");
        var gpu = spec.Settings.Gpus is null
            ? null
            : new GpuMeter(
                commands,
                engine.Destination is { } machine
                    ? c => new CommandSpec(SshFailure.Program, machine.Arguments([], [c.Program, .. c.Arguments]))
                    : null);
        if (engine.IsNative) return new CgroupMeter(container.ProcessId, spec.Cpus, gpu);
        return tunnel is null
            ? new NoMeter(spec.Cpus, "the Docker Engine runs on a kernel of its own")
            : new EngineMeter(new EngineClient(tunnel), container.Id, spec.Cpus, gpu);
    }
}
