package io.espalier.masks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The masks of all prunable parameters of a network at one version, in the layout's order.
 * Immutable.
 */
public final class MaskSet {
  private final MaskVersion version;
  private final Layout layout;
  private final List<ParameterId> parameters;
  private final List<Mask> masks;
  private final Map<ParameterId, Mask> byParameter = new HashMap<>();
  private final long kept;
  private final long total;

  private MaskSet(
      MaskVersion version, Layout layout, List<ParameterId> parameters, List<Mask> masks) {
    this.version = version;
    this.layout = layout;
    this.parameters = List.copyOf(parameters);
    this.masks = List.copyOf(masks);
    requireOrder();
    requireSizes();
    for (int i = 0; i < masks.size(); i++) {
      byParameter.put(parameters.get(i), masks.get(i));
    }
    this.kept = masks.stream().mapToLong(Mask::kept).sum();
    this.total =
        parameters.stream().mapToLong(layout::originalSize).sum()
            + layout.gone().stream()
                .filter(shape -> shape.rank() > 1)
                .mapToLong(ParameterShape::size)
                .sum();
  }

  /** Version 0: every unit kept. */
  public static MaskSet dense(Layout layout, List<ParameterId> prunable) {
    List<Mask> masks =
        prunable.stream()
            .map(id -> layout.shape(id).map(shape -> Mask.allKept(shape.size())))
            .map(mask -> mask.orElseThrow(() -> unknownParameter(prunable)))
            .toList();
    return new MaskSet(MaskVersion.DENSE, layout, prunable, masks);
  }

  public static MaskSet of(
      MaskVersion version, Layout layout, List<ParameterId> parameters, List<Mask> masks) {
    return new MaskSet(version, layout, parameters, masks);
  }

  /** The set after one more update; masks in the order of {@link #parameters()}. */
  public MaskSet next(List<Mask> masksInOrder) {
    return new MaskSet(version.next(), layout, parameters, masksInOrder);
  }

  public MaskVersion version() {
    return version;
  }

  public Layout layout() {
    return layout;
  }

  /** Prunable parameters, in the layout's order. */
  public List<ParameterId> parameters() {
    return parameters;
  }

  public List<Mask> masks() {
    return masks;
  }

  public Mask mask(ParameterId id) {
    Mask mask = byParameter.get(id);
    if (mask == null) {
      throw new IllegalArgumentException("only prunable parameters have a mask: parameter=" + id);
    }
    return mask;
  }

  public boolean isPrunable(ParameterId id) {
    return byParameter.containsKey(id);
  }

  public long kept() {
    return kept;
  }

  /**
   * Number of prunable units of the uncut network. Invariant: <em>weights that are gone were
   * prunable</em>, as layers with others stay.
   */
  public long total() {
    return total;
  }

  /** Share of the prunable units that is not kept; 0 where nothing is prunable. */
  public double sparsity() {
    return total == 0 ? 0 : (double) (total - kept) / total;
  }

  /** SHA-256, hexadecimal, over version, layout digest, names and bits. */
  public String digest() {
    Digests digests =
        new Digests()
            .text("espalier-masks-1")
            .number(version.number())
            .text(layout.digest())
            .number(parameters.size());
    for (int i = 0; i < masks.size(); i++) {
      digests.text(parameters.get(i).name()).bits(masks.get(i));
    }
    return digests.hex();
  }

  private void requireOrder() {
    Set<ParameterId> prunable = new HashSet<>(parameters);
    List<ParameterId> inOrder =
        layout.shapes().stream().map(ParameterShape::id).filter(prunable::contains).toList();
    if (!inOrder.equals(parameters)) {
      throw unknownParameter(parameters);
    }
  }

  private void requireSizes() {
    if (masks.size() != parameters.size()) {
      throw new IllegalArgumentException(
          "there must be one mask per prunable parameter: parameters=%d, masks=%d"
              .formatted(parameters.size(), masks.size()));
    }
    for (int i = 0; i < masks.size(); i++) {
      ParameterId id = parameters.get(i);
      int units = layout.shape(id).map(ParameterShape::size).orElseThrow();
      if (masks.get(i).size() != units) {
        throw new IllegalArgumentException(
            "a mask must have one bit per unit: parameter=%s, units=%d, bits=%d"
                .formatted(id, units, masks.get(i).size()));
      }
    }
  }

  private static IllegalArgumentException unknownParameter(List<ParameterId> parameters) {
    return new IllegalArgumentException(
        "prunable parameters must be of the layout, in its order, each once: parameters="
            + parameters);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaskSet set
        && version.equals(set.version)
        && layout.equals(set.layout)
        && parameters.equals(set.parameters)
        && masks.equals(set.masks);
  }

  @Override
  public int hashCode() {
    return 31 * version.hashCode() + masks.hashCode();
  }

  @Override
  public String toString() {
    return "MaskSet(version=%s, kept=%d of %d)".formatted(version, kept, total);
  }
}
