package io.espalier.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.espalier.configs.train.OptimizerConfig;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OptimizersTest {
  private static final Offset<Float> CLOSE = within(1e-6f);

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    JniUtils.setGradMode(false);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void sgd_twoStepsWithMomentum_movesByTheVelocity() {
    Optimizer sgd = Optimizer.of(new OptimizerConfig.Sgd(0.9, 0));
    NDArray weight = manager.create(new float[] {1, -2});
    List<NDArray> moments = moments(sgd, 2);

    sgd.update(weight, manager.create(new float[] {0.5f, 1}), moments, 0, 0.1);
    assertThat(moments.get(0).toFloatArray()).containsExactly(new float[] {0.5f, 1}, CLOSE);
    assertThat(weight.toFloatArray()).containsExactly(new float[] {0.95f, -2.1f}, CLOSE);

    sgd.update(weight, manager.create(new float[] {0.5f, -1}), moments, 1, 0.1);
    assertThat(moments.get(0).toFloatArray()).containsExactly(new float[] {0.95f, -0.1f}, CLOSE);
    assertThat(weight.toFloatArray()).containsExactly(new float[] {0.855f, -2.09f}, CLOSE);
  }

  @Test
  void sgd_withoutMomentum_keepsNoMoment() {
    Optimizer sgd = Optimizer.of(new OptimizerConfig.Sgd(0, 0));
    NDArray weight = manager.create(new float[] {1, -2});

    sgd.update(weight, manager.create(new float[] {0.5f, 1}), List.of(), 0, 0.1);

    assertThat(sgd.moments()).isZero();
    assertThat(weight.toFloatArray()).containsExactly(new float[] {0.95f, -2.1f}, CLOSE);
  }

  /** The first step of bias-corrected Adam moves by rate · sign(g), whatever the size of g. */
  @Test
  void adam_firstStep_movesByTheRate() {
    Optimizer adam = Optimizer.of(new OptimizerConfig.Adam(0.9, 0.999, 1e-8, 0));
    NDArray weight = manager.create(new float[] {1, -2, 3});
    List<NDArray> moments = moments(adam, 3);

    adam.update(weight, manager.create(new float[] {0.5f, -20, 0}), moments, 0, 0.1);

    assertThat(adam.moments()).isEqualTo(2);
    assertThat(moments.get(0).toFloatArray()).containsExactly(new float[] {0.05f, -2, 0}, CLOSE);
    assertThat(moments.get(1).toFloatArray())
        .containsExactly(new float[] {0.00025f, 0.4f, 0}, CLOSE);
    assertThat(weight.toFloatArray()).containsExactly(new float[] {0.9f, -1.9f, 3}, CLOSE);
  }

  @Test
  void adam_thirtySteps_followsTheFormula() {
    Optimizer adam = Optimizer.of(new OptimizerConfig.Adam(0.8, 0.95, 1e-3, 0));
    NDArray weight = manager.create(new float[] {1});
    List<NDArray> moments = moments(adam, 1);
    double w = 1;
    double m = 0;
    double v = 0;
    for (int step = 0; step < 30; step++) {
      float g = (float) Math.sin(step);
      adam.update(weight, manager.create(new float[] {g}), moments, step, 0.05);

      m = 0.8 * m + 0.2 * g;
      v = 0.95 * v + 0.05 * g * g;
      double corrected = v / (1 - Math.pow(0.95, step + 1.0));
      w -= 0.05 * (m / (1 - Math.pow(0.8, step + 1.0))) / (Math.sqrt(corrected) + 1e-3);
      assertThat(weight.getFloat(0)).isCloseTo((float) w, within(1e-5f));
    }
  }

  private List<NDArray> moments(Optimizer optimizer, int size) {
    List<NDArray> moments = new ArrayList<>();
    for (int i = 0; i < optimizer.moments(); i++) {
      moments.add(manager.zeros(new Shape(size)));
    }
    return moments;
  }
}
