package io.espalier.masks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The ordered parameters of a whole network, biases and norms included, and along each axis the
 * original indices that survive; where none does, the parameter is gone. Immutable. Two layouts are
 * equal when their digests are.
 */
public final class Layout {
  private final Map<ParameterId, List<Mask>> surviving;
  private final List<ParameterShape> shapes;
  private final String digest;

  private Layout(Map<ParameterId, List<Mask>> surviving) {
    this.surviving = surviving;
    this.shapes =
        surviving.entrySet().stream()
            .filter(e -> e.getValue().stream().allMatch(axis -> axis.kept() > 0))
            .map(
                e -> new ParameterShape(e.getKey(), e.getValue().stream().map(Mask::kept).toList()))
            .toList();
    this.digest = digestOf(surviving);
  }

  /** The uncut network; names must be unique. */
  public static Layout dense(List<ParameterShape> shapes) {
    Map<ParameterId, List<Mask>> surviving = new LinkedHashMap<>();
    for (ParameterShape shape : shapes) {
      List<Mask> axes = shape.dimensions().stream().map(Mask::allKept).toList();
      if (surviving.put(shape.id(), axes) != null) {
        throw new IllegalArgumentException("a parameter's name must be unique: name=" + shape.id());
      }
    }
    return new Layout(surviving);
  }

  /**
   * A copy in which only {@code indices}, a subset of the survivors over the axis's original size,
   * survive.
   */
  public Layout cut(ParameterId id, int axis, Mask indices) {
    List<Mask> axes = new ArrayList<>(axesOf(id));
    axes.set(axis, indices);
    return cut(Map.of(id, axes));
  }

  /**
   * A copy in which only {@code indices} survive: per axis, over its original size, a subset of the
   * survivors.
   */
  public Layout cut(Map<ParameterId, List<Mask>> indices) {
    Map<ParameterId, List<Mask>> next = new LinkedHashMap<>(surviving);
    indices.forEach(
        (id, axes) -> {
          requireSubsets(id, axes);
          next.put(id, List.copyOf(axes));
        });
    return new Layout(next);
  }

  private void requireSubsets(ParameterId id, List<Mask> axes) {
    List<Mask> before = axesOf(id);
    boolean fits = axes.size() == before.size();
    for (int axis = 0; fits && axis < axes.size(); axis++) {
      Mask indices = axes.get(axis);
      fits =
          indices.size() == before.get(axis).size()
              && before.get(axis).countAnd(indices) == indices.kept();
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "a cut must leave some of the indices that survive along each axis: parameter=%s, indices=%s, surviving=%s"
              .formatted(id, axes, before));
    }
  }

  /** Present shapes of the parameters that are not gone. */
  public List<ParameterShape> shapes() {
    return shapes;
  }

  /** Parameters of the whole network that are gone, as they were, in order. */
  public List<ParameterShape> gone() {
    return surviving.entrySet().stream()
        .filter(e -> e.getValue().stream().anyMatch(axis -> axis.kept() == 0))
        .map(e -> new ParameterShape(e.getKey(), e.getValue().stream().map(Mask::size).toList()))
        .toList();
  }

  /** Axes of a parameter, also of one that is gone. */
  public int rank(ParameterId id) {
    return axesOf(id).size();
  }

  /** Present shape of a parameter; empty if it is gone or the network has none of that name. */
  public Optional<ParameterShape> shape(ParameterId id) {
    return shapes.stream().filter(shape -> shape.id().equals(id)).findFirst();
  }

  public int originalSize(ParameterId id) {
    return axesOf(id).stream().mapToInt(Mask::size).reduce(1, (a, b) -> a * b);
  }

  /** Original indices that survive along an axis, as a mask over the axis's original size. */
  public Mask surviving(ParameterId id, int axis) {
    return axesOf(id).get(axis);
  }

  public boolean isDense() {
    return surviving.values().stream().flatMap(List::stream).allMatch(axis -> axis.pruned() == 0);
  }

  /** SHA-256, hexadecimal, over names, shapes and surviving indices: the name of this layout. */
  public String digest() {
    return digest;
  }

  private List<Mask> axesOf(ParameterId id) {
    List<Mask> axes = surviving.get(id);
    if (axes == null) {
      throw new IllegalArgumentException("the layout must have the parameter: parameter=" + id);
    }
    return axes;
  }

  private static String digestOf(Map<ParameterId, List<Mask>> surviving) {
    Digests digests = new Digests().text("espalier-layout-1").number(surviving.size());
    surviving.forEach(
        (id, axes) -> {
          digests.text(id.name()).number(axes.size());
          axes.forEach(digests::bits);
        });
    return digests.hex();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Layout layout && digest.equals(layout.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  @Override
  public String toString() {
    return "Layout(parameters=%d, digest=%s)".formatted(shapes.size(), digest.substring(0, 12));
  }
}
