package io.espalier.trainer.update;

import io.espalier.configs.OptimizerConfig;
import io.espalier.configs.plugin.PluginCall;

/**
 * How a gradient changes values and moments, in a fixed order of operations: equal gradients give
 * equal bits, however values are stored. Stateless; built-in ones allocate nothing. Values that are
 * 0, with a gradient and moments of 0, stay 0: so are pruned weights.
 */
public interface UpdateRule {
  /**
   * Updates values and moments; the gradient is consumed.
   *
   * @param completed steps of the run before this one
   */
  @PluginCall("update weights at step {1}")
  void apply(Updated of, long completed, double rate);

  /** Arrays that are remembered of each trained parameter; they start at 0. */
  @PluginCall(value = "name its moments", prepares = true)
  int moments();

  /**
   * Returns this rule stepping by the present gradient alone; it leaves the first moment unread.
   */
  @PluginCall(value = "leave its momentum out", prepares = true)
  UpdateRule withoutMomentum();

  /** Whether the first moment is a momentum; else the rule has none to leave out. */
  @PluginCall(value = "say whether it has a momentum", prepares = true)
  default boolean hasMomentum() {
    return moments() > 0;
  }

  /**
   * Whether each value changes by its own gradient and moments alone, so that it may be given in
   * any pieces; else a piece is a whole tensor.
   */
  @PluginCall(value = "say whether it is elementwise", prepares = true)
  default boolean isElementwise() {
    return true;
  }

  /** Whether weight decay goes past the gradient, to the values. */
  @PluginCall(value = "say whether its decay is decoupled", prepares = true)
  default boolean isDecoupled() {
    return false;
  }

  /** Returns the array to which weight decay adds {@link #decayFactor} times decay times value. */
  @PluginCall("say what decays")
  default float[] decayed(Updated of) {
    return isDecoupled() ? of.values() : of.gradient();
  }

  @PluginCall("say how much decays")
  default double decayFactor(double rate) {
    return isDecoupled() ? -rate : 1;
  }

  /** Decays all values, before {@link #apply}. */
  @PluginCall("decay weights")
  default void decay(Updated of, double decay, double rate) {
    add(decayed(of), of.values(), (float) (decayFactor(rate) * decay), of.count());
  }

  /**
   * Returns this rule for values that decay by a factor which its own step takes in; {@link #decay}
   * then leaves them alone. Others return themselves.
   */
  @PluginCall(value = "take its decay in", prepares = true)
  default UpdateRule withDecay(double decay) {
    return this;
  }

  static UpdateRule of(OptimizerConfig config) {
    if (config instanceof OptimizerConfig.Sgd sgd) {
      return new Sgd(sgd.momentum(), sgd.nesterov());
    }
    if (config instanceof OptimizerConfig.Adam adam) {
      return new Adam(adam.beta1(), adam.beta2(), adam.epsilon(), false);
    }
    if (config instanceof OptimizerConfig.AdamW adam) {
      return new Adam(adam.beta1(), adam.beta2(), adam.epsilon(), true);
    }
    if (config instanceof OptimizerConfig.Custom own) {
      return Optimizers.of(own.settings());
    }
    throw new IllegalArgumentException("no optimizer for this configuration: config=" + config);
  }

  static void add(float[] target, float[] source, float factor, int count) {
    for (int i = 0; i < count; i++) {
      target[i] += source[i] * factor;
    }
  }

  static void scale(float[] target, float factor, int count) {
    for (int i = 0; i < count; i++) {
      target[i] *= factor;
    }
  }

  /**
   * SGD with momentum: {@code v = μv + g}, {@code w = w − ηv}; Nesterov's (Sutskever et al., "On
   * the importance of initialization and momentum in deep learning", 2013, looking ahead with the
   * gradient) {@code w = w − η(g + μv)}.
   */
  record Sgd(double momentum, boolean nesterov) implements UpdateRule {
    @Override
    public int moments() {
      return momentum > 0 ? 1 : 0;
    }

    @Override
    public UpdateRule withoutMomentum() {
      return new Sgd(0, false);
    }

    @Override
    public void apply(Updated of, long completed, double rate) {
      float step = (float) -rate;
      if (momentum == 0) {
        add(of.values(), of.gradient(), step, of.count());
      } else if (nesterov) {
        float[] velocity = of.moment(0);
        accelerate(velocity, of.gradient(), of.count());
        add(of.gradient(), velocity, (float) momentum, of.count());
        add(of.values(), of.gradient(), step, of.count());
      } else {
        move(of.values(), of.moment(0), of.gradient(), step, of.count());
      }
    }

    private void accelerate(float[] velocity, float[] gradient, int count) {
      scale(velocity, (float) momentum, count);
      add(velocity, gradient, 1, count);
    }

    /** Accelerates and adds the velocity, in one pass over memory. */
    private void move(float[] values, float[] velocity, float[] gradient, float step, int count) {
      float kept = (float) momentum;
      for (int i = 0; i < count; i++) {
        float next = velocity[i] * kept + gradient[i];
        velocity[i] = next;
        values[i] += next * step;
      }
    }
  }

  /**
   * Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015), bias-corrected; with
   * decoupled decay AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019).
   */
  record Adam(double beta1, double beta2, double epsilon, boolean isDecoupled)
      implements UpdateRule {
    @Override
    public int moments() {
      return 2;
    }

    @Override
    public UpdateRule withoutMomentum() {
      return new Adam(0, beta2, epsilon, isDecoupled);
    }

    @Override
    public void apply(Updated of, long completed, double rate) {
      double meanCorrection = 1 - StrictMath.pow(beta1, (double) (completed + 1));
      double squareCorrection = 1 - StrictMath.pow(beta2, (double) (completed + 1));
      move(of, (float) squareCorrection, (float) (-rate / meanCorrection));
    }

    /** In one pass over memory. */
    private void move(Updated of, float correction, float step) {
      float[] values = of.values();
      float[] gradient = of.gradient();
      float[] mean = of.moment(0);
      float[] square = of.moment(1);
      float keptMean = (float) beta1;
      float newMean = (float) (1 - beta1);
      float keptSquare = (float) beta2;
      float newSquare = (float) (1 - beta2);
      float smallest = (float) epsilon;
      int count = of.count();
      for (int i = 0; i < count; i++) {
        float g = gradient[i];
        float m = mean[i] * keptMean + g * newMean;
        float s = square[i] * keptSquare + g * g * newSquare;
        mean[i] = m;
        square[i] = s;
        values[i] += m / ((float) Math.sqrt(s / correction) + smallest) * step;
      }
    }
  }
}
