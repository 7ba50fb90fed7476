package io.espalier.telemetry.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The HTML page: a template, its styles, its modules and its data in one file. */
final class ReportPage {
  private static final String ASSETS = "/io/espalier/telemetry/page/";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final String FIRST_MODULE = "report.js";
  private static final Pattern SLOT = Pattern.compile("\\{\\{([a-z-]+)}}");
  private static final Pattern IMPORT =
      Pattern.compile("\"espalier/((?:[a-z]+/)?[a-z0-9-]+\\.js)\"");

  private ReportPage() {}

  static String render(String title, JsonNode data) throws IOException {
    Map<String, String> slots =
        Map.of(
            "title", escape(title),
            "styles",
                resource(CHARTS + "uPlot.min.css")
                    + resource(ASSETS + "page.css")
                    + resource(ASSETS + "views.css"),
            "importmap", importMap().toString(),
            "data", data.toString().replace("<", "\\u003c"));
    return SLOT.matcher(resource(ASSETS + "report.html"))
        .replaceAll(slot -> Matcher.quoteReplacement(slots.getOrDefault(slot.group(1), "")));
  }

  private static ObjectNode importMap() throws IOException {
    ObjectNode map = ViewJson.object();
    ObjectNode imports = map.putObject("imports");
    imports.put("uplot", module(resource(CHARTS + "uPlot.esm.js")));
    for (String name : modules()) {
      imports.put("espalier/" + name, module(resource(ASSETS + name)));
    }
    return map;
  }

  private static SortedSet<String> modules() throws IOException {
    SortedSet<String> found = new TreeSet<>();
    Deque<String> next = new ArrayDeque<>();
    next.add(FIRST_MODULE);
    while (!next.isEmpty()) {
      String name = next.remove();
      if (found.add(name)) {
        IMPORT.matcher(resource(ASSETS + name)).results().forEach(each -> next.add(each.group(1)));
      }
    }
    return found;
  }

  private static String module(String source) {
    return "data:text/javascript;base64,"
        + Base64.getEncoder().encodeToString(source.getBytes(StandardCharsets.UTF_8));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = ReportPage.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IOException("the page's files must be on the class path: name=" + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
