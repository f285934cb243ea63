using System.Net.NetworkInformation;

namespace ServeBench.Hosts.Process;

/// <summary>Whether this program runs in a network namespace of its own, where every interface is the loopback one.</summary>
internal static class PrivateNetwork
{
    /// <summary>How to have one, as the middle of a sentence.</summary>
    public const string Remedy =
        "or run the same command where there is no network but the machine's own: "
            + "unshare --user --map-root-user --net sh -c 'ip link set lo up && ./build.sh ...'";

    /// <summary>True when nobody outside can reach what listens here.</summary>
    public static bool IsOurs { get; } = Array.TrueForAll(
        NetworkInterface.GetAllNetworkInterfaces(),
        i => i.NetworkInterfaceType == NetworkInterfaceType.Loopback
            || i.OperationalStatus is OperationalStatus.Down or OperationalStatus.NotPresent);
}
