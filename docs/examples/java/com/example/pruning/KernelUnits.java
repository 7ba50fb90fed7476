package com.example.pruning;

import io.espalier.configs.GranularityConfig.Reduction;
import io.espalier.configs.MemberSettings;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.unit.Units;
import io.espalier.masks.unit.UnitsProvider;
import java.util.List;

/**
 * All weights by which one output reads one input, {@code [kH · kW]} of a convolution (Mao et al.,
 * "Exploring the Granularity of Sparsity in Convolutional Neural Networks", 2017).
 */
public final class KernelUnits implements UnitsProvider {
  @Override
  public String name() {
    return "kernel";
  }

  @Override
  public Units create(MemberSettings settings, List<ParameterShape> prunable) {
    return Units.grouped(prunable.stream().map(KernelUnits::unitOf).toList(), Reduction.L2);
  }

  @Override
  public boolean holdOutputs(MemberSettings settings) {
    return false;
  }

  private static int[] unitOf(ParameterShape shape) {
    int window = shape.size() / shape.dimensions().get(0) / shape.dimensions().get(1);
    int[] units = new int[shape.size()];
    for (int weight = 0; weight < units.length; weight++) {
      units[weight] = weight / window;
    }
    return units;
  }
}
