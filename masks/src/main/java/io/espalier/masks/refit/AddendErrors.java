package io.espalier.masks.refit;

import io.espalier.masks.MaskSet;
import io.espalier.masks.ParameterId;
import io.espalier.masks.refit.AddendError.Products;
import io.espalier.masks.refit.AddendError.Values;
import io.espalier.masks.statistic.StatisticRequest;
import io.espalier.masks.statistic.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;

/** The errors of earlier layers of sums after a refit, for later ones to make up for. */
final class AddendErrors {
  /**
   * The least share of the largest factor of a layer's outputs: an output below it makes up for
   * nothing.
   */
  private static final double LEAST_FACTOR = 1e-3;

  private final EditableState state;
  private final MaskSet kept;
  private final Statistics statistics;
  private final StatisticRequest products;
  private final StatisticRequest means;
  private final Map<ParameterId, Values> before = new HashMap<>();

  /** Remembers the values before the refit. */
  AddendErrors(
      EditableState state,
      MaskSet kept,
      Statistics statistics,
      StatisticRequest products,
      StatisticRequest means) {
    this.state = state;
    this.kept = kept;
    this.statistics = statistics;
    this.products = products;
    this.means = means;
    for (ParameterId weight : kept.parameters()) {
      for (ParameterId addend : state.addends(weight)) {
        before.computeIfAbsent(addend, id -> values(id).copy());
      }
    }
  }

  private Values values(ParameterId weight) {
    return new Values(state.values(weight), state.bias(weight).map(state::values));
  }

  /**
   * Returns for outputs of a layer, whose earlier layers have been refitted, the mean products of
   * its inputs with what an output is to make up for; empty if that is nothing.
   *
   * @param inputs of the layer, the constant one included
   */
  IntFunction<Optional<double[]>> of(int p, int inputs) {
    ParameterId weight = kept.parameters().get(p);
    List<AddendError> errors = errors(p, state.addends(weight));
    if (errors.isEmpty()) {
      return output -> Optional.empty();
    }
    double[] own = state.factors(weight);
    double least = LEAST_FACTOR * Arrays.stream(own).map(Math::abs).max().orElse(0);
    List<Optional<double[]>> found = new ArrayList<>();
    for (int output = 0; output < own.length; output++) {
      double[] sums = new double[inputs];
      if (own[output] != 0 && Math.abs(own[output]) >= least) {
        for (AddendError error : errors) {
          error.addTo(sums, output, own[output]);
        }
      }
      found.add(Optional.of(sums).filter(each -> DoubleStream.of(each).anyMatch(sum -> sum != 0)));
    }
    return found::get;
  }

  private List<AddendError> errors(int p, List<ParameterId> addends) {
    List<AddendError> errors = new ArrayList<>();
    for (int i = 0; i < addends.size(); i++) {
      ParameterId addend = addends.get(i);
      int a = kept.parameters().indexOf(addend);
      errors.add(
          new AddendError(
              Objects.requireNonNull(before.get(addend)),
              values(addend),
              kept.masks().get(a),
              state.factors(addend),
              new Products(
                  statistics.of(products, p).get(i),
                  statistics.of(means, p).get(0),
                  statistics.of(means, a).get(0))));
    }
    return errors;
  }
}
