package io.espalier.bench.cost;

import io.espalier.masks.Layout;
import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Prunable parameters of given sizes, such as those of a ResNet-50 made smaller or larger, with
 * normal weights, the larger the fewer there are.
 */
final class SampleShapes {
  /** Fewest units with which all parameters have some. */
  static final int FEWEST = 20_000;

  private static final int[] BLOCKS = {3, 4, 6, 3};
  private static final int EXPANSION = 4;
  private static final int CLASSES = 1000;

  private final List<ParameterShape> shapes;

  private SampleShapes(List<ParameterShape> shapes) {
    this.shapes = shapes;
  }

  /** The parameters of a ResNet-50 in proportion, with so many units in all. */
  static SampleShapes of(int units) {
    List<ParameterShape> original = original();
    double total = original.stream().mapToLong(ParameterShape::size).sum();
    List<ParameterShape> scaled = new ArrayList<>();
    long before = 0;
    for (ParameterShape shape : original) {
      long from = Math.round(before / total * units);
      before += shape.size();
      int size = (int) (Math.round(before / total * units) - from);
      scaled.add(new ParameterShape(shape.id(), List.of(size, 1)));
    }
    return new SampleShapes(List.copyOf(scaled));
  }

  static SampleShapes ofOneParameter(int units) {
    return new SampleShapes(List.of(new ParameterShape(new ParameterId("p0"), List.of(units, 1))));
  }

  private static List<ParameterShape> original() {
    List<ParameterShape> shapes = new ArrayList<>();
    add(shapes, 64, 3, 7);
    int inputs = 64;
    for (int stage = 0; stage < BLOCKS.length; stage++) {
      int width = 64 << stage;
      for (int block = 0; block < BLOCKS[stage]; block++) {
        add(shapes, width, inputs, 1);
        add(shapes, width, width, 3);
        add(shapes, width * EXPANSION, width, 1);
        if (block == 0) {
          add(shapes, width * EXPANSION, inputs, 1);
        }
        inputs = width * EXPANSION;
      }
    }
    add(shapes, CLASSES, inputs, 1);
    return shapes;
  }

  private static void add(List<ParameterShape> shapes, int outputs, int inputs, int kernel) {
    ParameterId id = new ParameterId("p" + shapes.size());
    shapes.add(new ParameterShape(id, List.of(outputs, inputs, kernel, kernel)));
  }

  List<ParameterShape> shapes() {
    return shapes;
  }

  String name() {
    return String.format(
        Locale.ROOT,
        "%,d units in %,d mask%s",
        units(),
        shapes.size(),
        shapes.size() > 1 ? "s" : "");
  }

  int units() {
    return shapes.stream().mapToInt(ParameterShape::size).sum();
  }

  MaskSet dense() {
    return MaskSet.dense(Layout.dense(shapes), shapes.stream().map(ParameterShape::id).toList());
  }

  /** Normal weights; the deviation of a parameter is the inverse square root of its size. */
  List<float[]> weights(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<float[]> weights = new ArrayList<>();
    for (ParameterShape shape : shapes) {
      float[] values = new float[shape.size()];
      double deviation = 1 / Math.sqrt(values.length);
      for (int unit = 0; unit < values.length; unit++) {
        values[unit] = (float) (deviation * random.nextGaussian());
      }
      weights.add(values);
    }
    return weights;
  }
}
