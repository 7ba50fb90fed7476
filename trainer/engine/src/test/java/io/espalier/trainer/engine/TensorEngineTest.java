package io.espalier.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.espalier.configs.file.EspalierHome;
import io.espalier.trainer.capability.EngineCapability;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TensorEngineTest {
  @Test
  void engine_withoutSettings_runsWithOneThread() {
    try (NDManager manager = TensorEngine.newManager()) {
      assertThat(manager.ones(new Shape(3)).sum().getFloat()).isEqualTo(3);
    }
    assertThat(EngineCapability.threads()).isEqualTo(1);
    assertThat(TensorEngine.version()).startsWith("PyTorch ");
  }

  @Test
  void defaults_withoutEnvironment_unpackIntoTheHomeAndReportNothing() {
    assertThat(TensorEngine.defaults(Map.of()))
        .containsEntry("DJL_CACHE_DIR", EspalierHome.path().resolve("engine").toString())
        .containsEntry("OPT_OUT_TRACKING", "true")
        .containsEntry("ai.djl.pytorch.num_threads", "1")
        .containsEntry("ai.djl.pytorch.num_interop_threads", "1");
  }

  @Test
  void defaults_ofAnEnvironmentWithItsOwn_leaveThem() {
    assertThat(TensorEngine.defaults(Map.of("DJL_CACHE_DIR", "/a", "OPT_OUT_TRACKING", "false")))
        .doesNotContainKeys("DJL_CACHE_DIR", "OPT_OUT_TRACKING");
  }

  @Test
  void threads_otherThanSet_areRefusedWithTheWayOut() {
    assertThatCode(() -> TensorEngine.requireThreads(2, 2)).doesNotThrowAnyException();
    assertThatThrownBy(() -> TensorEngine.requireThreads(8, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("threads=8")
        .hasMessageContaining("-Dai.djl.pytorch.num_threads=1");
  }
}
