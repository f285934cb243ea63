using System.Collections;

namespace ServeBench.Domain.Faults;

/// <summary>Collects faults so that all of them are shown at once, before anything starts.</summary>
public sealed class FaultList : IReadOnlyList<Fault>
{
    private readonly List<Fault> _faults = [];

    public int Count => _faults.Count;

    public Fault this[int index] => _faults[index];

    public void Add(Fault fault) => _faults.Add(fault);

    public void AddRange(IEnumerable<Fault> faults) => _faults.AddRange(faults);

    /// <exception cref="FaultException">when anything was collected.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0) throw new FaultException(_faults.ToArray());
    }

    public IEnumerator<Fault> GetEnumerator() => _faults.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
