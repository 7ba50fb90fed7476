package io.espalier.telemetry.view;

import java.util.Map;

/**
 * A document as it is now.
 *
 * @param identity another one stands for another document, of which a reader knows nothing
 * @param series by name
 */
record View(Object identity, DocumentParts parts, Map<String, Points> series) {}
