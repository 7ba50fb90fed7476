package io.espalier.bench.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ShrinkPictureTest {
  private static final ShrinkStudy STUDY = ResidualStudy.study();

  /** Two seeds each; the second dense network took twice as long. */
  private static final List<ShrinkResult> RESULTS =
      List.of(
          result("dense", 42, 100, 0.90, 1000),
          result("live-50", 42, 70, 0.89, 500),
          result("dense", 43, 200, 0.91, 1000),
          result("live-50", 43, 120, 0.90, 500));

  @Test
  void points_ofEachLine_areMeansAndExtremesOfRatiosSeedBySeed() {
    List<ShrinkPoint> points = ShrinkPoint.of(false, RESULTS);

    assertThat(points).extracting(ShrinkPoint::row).containsExactly("dense", "live-50");
    ShrinkPoint live = points.get(1);
    assertThat(live.macs()).isEqualTo(0.5);
    assertThat(live.time().mean()).isCloseTo(0.65, within(1e-9));
    assertThat(live.time().least()).isCloseTo(0.6, within(1e-9));
    assertThat(live.time().most()).isCloseTo(0.7, within(1e-9));
    assertThat(live.quality().mean()).isCloseTo(89.5, within(1e-9));
  }

  @Test
  void points_ofASeedWithoutADenseNetwork_areLeftOut() {
    assertThat(ShrinkPoint.of(false, RESULTS.subList(1, 2))).isEmpty();
  }

  @Test
  void table_saysOverHowManySeeds() {
    Map<String, ShrinkTable.ExportedNetwork> exported =
        RESULTS.stream()
            .collect(
                Collectors.toMap(
                    ShrinkResult::key, each -> new ShrinkTable.ExportedNetwork(1_000, 0.001)));

    assertThat(ShrinkTable.of(STUDY, RESULTS.subList(0, 2), exported, List.of()))
        .endsWith("over one seed.");
    assertThat(
            ShrinkTable.of(
                STUDY,
                RESULTS,
                exported,
                List.of(new ReferencePoint("other program", 0.5, List.of(89.5)))))
        .contains("over 2 seeds.")
        .endsWith("over one seed.");
  }

  @Test
  void svg_ofTwoLines_placesThemByTimeAndAccuracy_besideReferences() throws Exception {
    Document svg = parsed(ShrinkPicture.svg(STUDY, RESULTS, STUDY.references()));

    NodeList circles = svg.getElementsByTagName("circle");
    assertThat(circles.getLength()).isEqualTo(2);
    assertThat(number(circles, 0, "cx")).isGreaterThan(number(circles, 1, "cx"));
    assertThat(number(circles, 0, "cy")).isLessThan(number(circles, 1, "cy"));
    assertThat(texts(svg))
        .contains("1  dense: 90.50 at 1.00", "2  live-50: 89.50 at 0.65")
        .contains("– – Torch-Pruning 1.6.1, −50 %: 89.57 ± 0.17 %, time not measured")
        .contains("– – Torch-Pruning 1.6.1, −75 %: 88.91 ± 0.14 %, time not measured");
    NodeList paths = svg.getElementsByTagName("path");
    assertThat(
            IntStream.range(0, paths.getLength())
                .filter(i -> ((Element) paths.item(i)).hasAttribute("stroke-dasharray"))
                .count())
        .isEqualTo(2);
  }

  private static ShrinkResult result(
      String row, long seed, double seconds, double accuracy, long macs) {
    return new ShrinkResult(
        row + seed,
        row,
        seed,
        new ShrinkResult.Outcome(
            new ShrinkResult.RunTimes(seconds, 1, 1, 1, 0, 0),
            accuracy,
            0,
            new ShrinkResult.FinalSize(macs, 1, 1, 1)),
        "");
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<String> texts(Document svg) {
    NodeList texts = svg.getElementsByTagName("text");
    return IntStream.range(0, texts.getLength())
        .mapToObj(i -> texts.item(i).getTextContent())
        .toList();
  }

  private static double number(NodeList elements, int at, String attribute) {
    return Double.parseDouble(((Element) elements.item(at)).getAttribute(attribute));
  }
}
