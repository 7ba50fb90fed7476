package io.espalier.bench.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class UnitPictureTest {
  private static final UnitStudy STUDY = UnitStudy.all().get(0);

  private static final List<UnitResult> RESULTS =
      List.of(
          result("dense, java", 42, 90, 1000, 0.010),
          result("dense, java", 43, 91, 1000, 0.010),
          result("block 16x1 at 80 %", 42, 88, 200, 0.002),
          result("block 16x1 at 80 %", 43, 89, 200, 0.004));

  @Test
  void points_ofTwoSeeds_areMeansOfRatios() {
    UnitPoint block = UnitPoint.of(RESULTS).get(1);

    assertThat(block.macs()).isCloseTo(0.2, within(1e-9));
    assertThat(block.toDenseJava()).isCloseTo(0.3, within(1e-9));
    assertThat(block.toDenseEngine()).isCloseTo(0.6, within(1e-9));
    assertThat(block.quality()).isCloseTo(88.5, within(1e-9));
  }

  @Test
  void table_ofLosingLines_printsThem() {
    assertThat(UnitTable.of(List.of(STUDY), RESULTS))
        .containsPattern("dense, java +\\| 90\\.50 ± 0\\.71 +\\| +1\\.00 +\\| +10\\.00")
        .containsPattern("block 16x1 at 80 % +\\| 88\\.50 ± 0\\.71 +\\| +0\\.20 +\\| +3\\.00")
        .contains("2 seeds: mean ± standard deviation");
  }

  @Test
  void svg_ofAFasterLine_placesItsMarkToTheLeftAndBelow() throws Exception {
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(
                new InputSource(new StringReader(UnitPicture.svg(STUDY, UnitPoint.of(RESULTS)))));

    NodeList circles = svg.getElementsByTagName("circle");
    assertThat(circles.getLength()).isEqualTo(4);
    Element dense = (Element) circles.item(0);
    Element block = (Element) circles.item(2);
    assertThat(number(block, "cx")).isLessThan(number(dense, "cx"));
    assertThat(number(block, "cy")).isGreaterThan(number(dense, "cy"));
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static UnitResult result(
      String unit, long seed, double accuracy, long macs, double seconds) {
    return new UnitResult(
        unit + seed,
        "lenet-5",
        unit,
        seed,
        new UnitOutcome(accuracy, macs),
        List.of(seconds),
        List.of(0.010),
        List.of(0.005),
        "");
  }
}
