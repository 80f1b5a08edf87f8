import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  // The built page works from any folder, not only from the root of a server.
  base: "./",
  plugins: [react()],
  build: { chunkSizeWarningLimit: 1000 },
});
