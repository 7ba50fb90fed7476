package io.espalier.trainer.onnx.read;

import io.espalier.trainer.network.Activation;
import io.espalier.trainer.network.Activation.Function;
import io.espalier.trainer.network.Network;
import io.espalier.trainer.onnx.read.ConvertedValue.GeluGate;
import io.espalier.trainer.onnx.read.ConvertedValue.Powers;
import io.espalier.trainer.onnx.read.ConvertedValue.Signal;
import java.util.List;
import java.util.Optional;

/** Activations that are a value times a function of it. */
final class GeluPattern {
  private static final double TOLERANCE = 1e-5;
  private static final double SLOPE = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = SLOPE * 0.044715;

  private GeluPattern() {}

  static ConvertedValue erf(OperationCall call) {
    Signal input = call.signal(0);
    if (input.shift() != 0 || Math.abs(input.scale() * Math.sqrt(2) - 1) > TOLERANCE) {
      throw new GraphException("an erf must be of a value over √2, as part of a Gelu");
    }
    return new GeluGate(Function.GELU, input.bare(), 1, 0);
  }

  /** The tanh of a Gelu; of a value alone it is an activation. */
  static Optional<ConvertedValue> tanh(OperationCall call) {
    if (!(call.required(0) instanceof Powers polynomial)
        || PolynomialPattern.degree(polynomial) != 3) {
      return Optional.empty();
    }
    List<Double> given = polynomial.coefficients();
    boolean fits =
        given.get(0) == 0
            && given.get(2) == 0
            && Math.abs(given.get(1) - SLOPE) <= TOLERANCE
            && Math.abs(given.get(3) - CUBIC) <= TOLERANCE;
    return fits
        ? Optional.of(new GeluGate(Function.GELU_TANH, polynomial.of(), 1, 0))
        : Optional.empty();
  }

  /** The product of a value and a gate, which must form a Gelu. */
  static Optional<ConvertedValue> gated(OperationCall call) {
    ConvertedValue left = call.required(0);
    ConvertedValue right = call.required(1);
    if (left instanceof Signal signal && right instanceof GeluGate gate) {
      return Optional.of(gelu(call, signal, gate));
    } else if (left instanceof GeluGate gate && right instanceof Signal signal) {
      return Optional.of(gelu(call, signal, gate));
    }
    return Optional.empty();
  }

  private static ConvertedValue gelu(OperationCall call, Signal factor, GeluGate gate) {
    boolean same =
        factor.node().equals(gate.input().node()) && factor.order().equals(gate.input().order());
    boolean even = Math.abs(gate.factor() - gate.offset()) <= TOLERANCE * Math.abs(gate.factor());
    if (!same || !even || factor.shift() != 0) {
      throw new GraphException(
          "an erf or the tanh of a cube must be part of a Gelu: x · (1 + erf(x / √2)) / 2");
    }
    Signal gelu = call.alike(new Activation(gate.gelu()), gate.input());
    double scale = 2 * factor.scale() * gate.factor();
    return Math.abs(scale - 1) <= TOLERANCE ? gelu : gelu.times(scale);
  }

  /** A value times its own sigmoid. */
  static Optional<ConvertedValue> silu(OperationCall call) {
    return call.required(0) instanceof Signal left && call.required(1) instanceof Signal right
        ? silu(call, left, right).or(() -> silu(call, right, left))
        : Optional.empty();
  }

  private static Optional<ConvertedValue> silu(OperationCall call, Signal value, Signal gate) {
    boolean ofValue =
        !gate.node().equals(Network.INPUT)
            && call.draft().node(gate.node()).layer().equals(new Activation(Function.SIGMOID))
            && call.draft().node(gate.node()).inputs().equals(List.of(value.node()))
            && gate.order().equals(value.order())
            && gate.dimensions().equals(value.dimensions())
            && gate.isPlain()
            && value.isPlain();
    return ofValue
        ? Optional.of(call.alike(new Activation(Function.SILU), value))
        : Optional.empty();
  }
}
