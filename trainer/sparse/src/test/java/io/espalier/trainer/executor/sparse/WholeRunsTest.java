package io.espalier.trainer.executor.sparse;

import static io.espalier.trainer.sparse.TestProcess.OWN_JDK;
import static io.espalier.trainer.sparse.TestProcess.VECTORS;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.trainer.sparse.TestProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole runs end with the same state and masks at every vector width. The environment variable
 * {@value #OTHER_JDK} names another Java, to compare with that too; without it, this Java computes
 * without its optimising compiler instead.
 */
@Tag("slow")
final class WholeRunsTest {
  private static final String OTHER_JDK = "ESPALIER_TEST_JDK";
  private static final Optional<Path> OTHER =
      Optional.ofNullable(System.getenv(OTHER_JDK)).filter(each -> !each.isBlank()).map(Path::of);

  @TempDir private Path directory;

  @Test
  void run_onAnyWidthAndJava_hasTheSameDigests() throws IOException, InterruptedException {
    // given
    List<String> wide = lines(OWN_JDK, VECTORS);
    assertThat(wide.get(0)).startsWith("SIMD of ");
    assertThat(digests(wide)).hasSizeGreaterThan(8).doesNotHaveDuplicates();

    // when
    List<String> eight =
        lines(OWN_JDK, VECTORS, "-XX:+IgnoreUnrecognizedVMOptions", "-XX:UseAVX=2");
    List<String> four = lines(OWN_JDK, VECTORS, "-XX:MaxVectorSize=16");
    List<String> scalar = lines(OWN_JDK);
    List<String> otherJava =
        OTHER.isPresent() ? lines(OTHER.get(), VECTORS) : lines(OWN_JDK, "-XX:TieredStopAtLevel=1");
    List<String> otherJavaNarrow =
        lines(OTHER.orElse(OWN_JDK), VECTORS, "-Dio.espalier.sparse.lanes=8");

    // then
    assertThat(four.get(0)).isEqualTo("SIMD of 128 bits");
    assertThat(scalar.get(0)).startsWith("scalar (");
    assertThat(digests(eight)).isEqualTo(digests(wide));
    assertThat(digests(four)).isEqualTo(digests(wide));
    assertThat(digests(scalar)).isEqualTo(digests(wide));
    assertThat(digests(otherJava)).isEqualTo(digests(wide));
    assertThat(digests(otherJavaNarrow)).isEqualTo(digests(wide));
  }

  @Test
  void run_resumedOnOtherWidths_hasTheSameDigests() throws IOException, InterruptedException {
    // given
    List<String> whole = lines(OWN_JDK, VECTORS);
    Path fromScalar = directory.resolve("scalar");
    Path fromWide = directory.resolve("wide");

    // when
    lines(OWN_JDK, List.of(), "begin", fromScalar.toString());
    lines(OTHER.orElse(OWN_JDK), List.of(VECTORS), "begin", fromWide.toString());
    List<String> onWide = lines(OWN_JDK, List.of(VECTORS), "end", fromScalar.toString());
    List<String> onNarrow =
        lines(
            OTHER.orElse(OWN_JDK),
            List.of(VECTORS, "-XX:MaxVectorSize=16"),
            "end",
            fromWide.toString());

    // then
    assertThat(digests(onWide)).isEqualTo(digests(whole));
    assertThat(digests(onNarrow)).isEqualTo(digests(whole));
  }

  private static List<String> digests(List<String> lines) {
    return lines.subList(1, lines.size());
  }

  private static List<String> lines(Path jdk, String... options)
      throws IOException, InterruptedException {
    return lines(jdk, List.of(options));
  }

  private static List<String> lines(Path jdk, List<String> options, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xmx900m"));
    all.addAll(options);
    return TestProcess.lines(jdk, WholeRuns.class, all, arguments);
  }
}
