package io.espalier.service.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.service.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricRoutesTest {
  @TempDir private Path directory;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    api = ApiFixture.start(directory);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void runs_areCountedByState() throws Exception {
    api.runs().put("r1", RunState.RUNNING);
    api.runs().put("r2", RunState.QUEUED);
    api.runs().put("r3", RunState.QUEUED);

    String text = metrics();

    assertThat(text)
        .contains(
            "espalier_runs{state=\"running\"} 1.0",
            "espalier_runs{state=\"queued\"} 2.0",
            "espalier_runs{state=\"failed\"} 0.0",
            "espalier_service_answers 1.0",
            "espalier_http_streams 0.0",
            "jvm_memory_used_bytes",
            "jvm_threads_live_threads",
            "process_cpu_usage");
  }

  @Test
  void capacity_isThatOfTheNodes_andDiskThatOfTheRuns() throws Exception {
    Path run = Files.createDirectories(api.runs().directory("r1"));
    Files.write(run.resolve("model.safetensors"), new byte[1_234]);
    Files.createSymbolicLink(run.resolve("link"), Files.write(directory.resolve("x"), new byte[9]));

    String text = metrics();

    assertThat(text)
        .contains(
            "espalier_trainers{node=\"n1\"} 2.0",
            "espalier_trainers_free{node=\"n1\"} 1.0",
            "espalier_memory_bytes{node=\"n1\"} 2.147483648E9",
            "espalier_memory_free_bytes{node=\"n1\"} 1.073741824E9",
            "espalier_disk_runs_bytes 1234.0",
            "espalier_kafka_backlog_bytes 0.0")
        .containsPattern("espalier_disk_free_bytes [1-9]")
        .containsPattern("espalier_disk_size_bytes [1-9]");
  }

  @Test
  void requests_areCountedByRoute_notByAddress() throws Exception {
    api.get("/v1/runs/r1");
    api.get("/v1/runs/r2");
    api.get("/v1/nothing/at/all");
    api.send(api.anonymous("/v1/runs/r1"));

    String text = metrics();

    assertThat(text)
        .contains(
            "espalier_http_requests_seconds_count{method=\"GET\",route=\"/v1/runs/{run}\",status=\"404\"} 2",
            "espalier_http_requests_seconds_count{method=\"GET\",route=\"none\",status=\"404\"} 1",
            "espalier_http_refused_total{reason=\"token\"} 1.0")
        .doesNotContain("nothing");
  }

  @Test
  void service_thatFails_isReported_whileTheRestGoesOn() throws Exception {
    api.runs().failWith(new IllegalStateException("no journal"));

    assertThat(metrics()).contains("espalier_service_answers 0.0", "jvm_memory_used_bytes");
  }

  private String metrics() throws Exception {
    return api.send(api.anonymous("/metrics")).body();
  }
}
