/** What of a network is kept: masks over its parameters, and the layout that they refer to. */
package io.espalier.masks;
