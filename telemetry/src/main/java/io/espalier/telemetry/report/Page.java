package io.espalier.telemetry.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The HTML page: a template, its style, its scripts and its data in one file. */
final class Page {
  private static final String ASSETS = "/io/espalier/telemetry/page/";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final List<String> SCRIPTS =
      List.of(
          "numbers.js",
          "charts.js",
          "density.js",
          "pictures.js",
          "times.js",
          "compared.js",
          "federation.js",
          "page.js");
  private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z-]+)}}");

  private Page() {}

  static String render(String title, JsonNode data) throws IOException {
    StringBuilder scripts = new StringBuilder();
    for (String script : SCRIPTS) {
      scripts.append(resource(ASSETS + script));
    }
    Map<String, String> slots =
        Map.of(
            "title", escape(title),
            "chart-style", resource(CHARTS + "uPlot.min.css"),
            "style", resource(ASSETS + "page.css"),
            "chart-script", resource(CHARTS + "uPlot.iife.min.js"),
            "scripts", scripts.toString(),
            "data", data.toString().replace("<", "\\u003c"));
    return SLOT.matcher(resource(ASSETS + "page.html"))
        .replaceAll(slot -> Matcher.quoteReplacement(slots.getOrDefault(slot.group(1), "")));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = Page.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException("the page's files must be on the class path: name=" + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
